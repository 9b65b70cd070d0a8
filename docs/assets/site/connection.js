// Whether the connection may be used for what nobody has asked for. The build puts this into sw.js too.

const SLOW = ["slow-2g", "2g", "3g"];

/** False for a slow or metered connection. */
export function welcome({ saveData, effectiveType, type } = navigator.connection ?? {}) {
  return !saveData && !SLOW.includes(effectiveType) && type !== "cellular";
}
