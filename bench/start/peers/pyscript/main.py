import json
from datetime import date

from pyscript import document, window

from checker.web.api import answer

request = {
    "link": window.location.hash[1:],
    "today": date.today().isoformat(),
    "digest": "@digest@",
}
reply = json.loads(answer(json.dumps(request)))
document.querySelector("output").textContent = reply["explanation"]["headline"]["title"]
