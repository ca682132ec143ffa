"""Clear up after a former run, and set a stack's folder up."""

from ops import lock
from ops.adopt import forget
from ops.journal import Entry
from ops.terraform import Terraform


def make_ready(terraform: Terraform) -> Entry | None:
    """Wait for a former run's process, break its dead lock, save its state, init; return the run that was cut off."""
    place, stack, line = terraform.place, terraform.stack, terraform.line
    former = terraform.journal.unfinished()
    if former:
        line.say(f"the former {former.operation} did not finish, clearing up after it")
        terraform.journal.settle()
    if lock.clear(place, stack.name, former):
        line.note("the lock of the former run, whose process is gone, was broken")
    forget(stack.folder)
    terraform.init()
    if terraform.push_errored_state():
        line.note("the state that the former run could not save is saved now")
    return former
