"""The ledger of calls only grows."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.ai.models import ModelCall

pytestmark = pytest.mark.django_db


def test_the_ledger_only_grows(student):
    call = ModelCall.objects.create(
        task="quiz", user=student, model="m", prompt_version="v1", result="ok", at=timezone.now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelCall.objects.filter(pk=call.pk).update(cost_micro=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelCall.objects.filter(pk=call.pk).update(user=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelCall.objects.filter(pk=call.pk)._raw_delete("default")
