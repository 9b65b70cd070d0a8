// Whether the connection is one that may carry what nobody has asked for. The build puts this into sw.js too.

const SLOW = ["slow-2g", "2g", "3g"];

/** False where it is slow, or where somebody may pay for what goes over it. */
export function welcome({ saveData, effectiveType, type } = navigator.connection ?? {}) {
  return !saveData && !SLOW.includes(effectiveType) && type !== "cellular";
}
