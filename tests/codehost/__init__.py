"""A code host in the small: it runs the workflows of a repository, and answers `gh`."""

from codehost.expressions import evaluated as evaluated
from codehost.host import CodeHost as CodeHost
from codehost.runs import Run as Run
from codehost.runs import UnknownActionError as UnknownActionError
