# The checker does not run on MicroPython, which has only a part of the standard library. This minimal one finds the
# first matching row of the policy's rules; no links, errors, reasons or future dates.
from pyscript import document, window

ROWS = "@rows@"
TITLES = "@titles@"


def ordinal(day):
    # The year begins in March, so that a leap day ends it.
    year, month, day = map(int, day.split("-"))
    year -= month < 3
    return 365 * year + year // 4 - year // 100 + year // 400 + ((month + 9) % 12 * 153 + 2) // 5 + day


def holds(test):
    answer = answers.get(test["question"], "")
    if "choices" in test:
        return answer in test["choices"]
    if not answer[:1].isdigit():
        return False
    days = today - ordinal(answer)
    return test["first"] <= days and (test["last"] is None or days <= test["last"])


answers = {pair.split("=")[0]: pair.split("=")[1] for pair in window.location.hash[1:].split("&")}
now = window.Date.new()
today = ordinal(f"{now.getFullYear()}-{now.getMonth() + 1}-{now.getDate()}")
outcome = next(row["outcome"] for row in ROWS if all(map(holds, row["tests"])))
document.querySelector("output").textContent = TITLES[outcome]
