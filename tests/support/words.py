"""The words of the interface, in the language of the tests' policies."""

from checker.messages import messages

MESSAGES = messages("en")
say, join, in_words = MESSAGES.say, MESSAGES.join, MESSAGES.date
