"""A code host in the small: it runs the workflows of a repository, and answers `gh`."""

from tests.support.codehost.expressions import evaluated as evaluated
from tests.support.codehost.host import CodeHost as CodeHost
from tests.support.codehost.runs import Run as Run
from tests.support.codehost.runs import UnknownActionError as UnknownActionError
