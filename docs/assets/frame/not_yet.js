// Shows that this version of the policy does not hold yet, by the device's date.

const notice = document.querySelector("[data-valid-from]");
notice.hidden = new Date(`${notice.dataset.validFrom}T00:00`) <= new Date(); // the day begins where the reader is
