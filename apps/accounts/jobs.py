"""Work of accounts after the request: mails, and the pre-checks of applications."""

from apps.core import jobs

from . import services
from .services.applications import CHECKS_JOB
from .services.mails import MAIL_JOB


@jobs.register(MAIL_JOB)
def send_mail(run: jobs.Run) -> None:
    try:
        services.send_mail(user_id=run.owner_id, **run.args)
    except OSError as error:  # what a mail server that is away or refuses raises
        raise jobs.TryLater from error


@jobs.register(CHECKS_JOB)
def check_application(run: jobs.Run) -> None:
    services.check_application(application_id=run.args["application"])
