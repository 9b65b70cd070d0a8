// Shows that this version of the policy is not in force yet, by the device's date.

const notice = document.querySelector("[data-valid-from]");
notice.hidden = new Date(`${notice.dataset.validFrom}T00:00`) <= new Date(); // in the reader's time zone
