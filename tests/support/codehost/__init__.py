"""A simulated code host: it runs the workflows of a repository and serves `gh`."""

from tests.support.codehost.expressions import evaluate as evaluate
from tests.support.codehost.host import CodeHost as CodeHost
from tests.support.codehost.runs import Run as Run
from tests.support.codehost.runs import UnknownActionError as UnknownActionError
