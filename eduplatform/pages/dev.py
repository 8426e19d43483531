"""For developers (DEBUG only): every part in every state, in both languages, and the pages of faults."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from apps.core.middleware import error_answer

from . import errors

EN_PROSE = """\
## Why the square root

The answer has a *name*: the **standard error**. With `n` people it is $\\frac{s}{\\sqrt{n}}$, see [the proof](https://example.org).

```python
def standard_error(values):
    return stdev(values) / len(values) ** 0.5  # one line
```

::: warning A common slip
Four times the people, half the error.
:::

| Sample | Error | Share |
|---|---|---|
| 100 | 2.4 | 46 % |
| 400 | 1.2 | 23 % |

$$
SE = \\frac{s}{\\sqrt{n}} = \\sqrt{\\frac{1}{n-1}\\sum_{i=1}^{n}(x_i - \\bar{x})^2}
$$

> Measure twice.

- one
- two

1. first
2. second
"""
RU_PROSE = """\
## Почему квадратный корень

У ответа есть *имя*: **стандартная ошибка**. Для `n` человек это $\\frac{s}{\\sqrt{n}}$, смотрите [доказательство](https://example.org).

```python
def standard_error(values):
    return stdev(values) / len(values) ** 0.5  # одна строка
```

::: warning Частая ошибка
Людей вчетверо больше, ошибка вдвое меньше.
:::

| Выборка | Ошибка | Доля |
|---|---|---|
| 100 | 2,4 | 46 % |
| 400 | 1,2 | 23 % |

$$
SE = \\frac{s}{\\sqrt{n}} = \\sqrt{\\frac{1}{n-1}\\sum_{i=1}^{n}(x_i - \\bar{x})^2}
$$

> Семь раз отмерь.

- раз
- два

1. первое
2. второе
"""
SAMPLES: dict[str, dict[str, Any]] = {
    "en": {
        "people": ["Dana Kim", "Omar Haddad", "Pavel Orlov", "Felix Brandt", "Lena Weiss"],
        "courses": ["Statistics you can trust", "How cells decide", "SQL that answers questions"],
        "line": "From averages to honest tests, with Python and no hand-waving.",
        "level": "Intermediate",
        "prose": EN_PROSE,
        "empty": "Cards make themselves",
        "empty_text": "Finish a lesson quiz: whatever you miss comes back on the right day.",
        "note": "Published. 412 learners will see the new version.",
        "failure": "Your bank refused the card. Nothing was charged.",
        "save": "Save draft",
        "wait": "Saving…",
        "tabs": ["Overview", "Curriculum", "Reviews"],
        "subject": "Mathematics",
        "form": {
            "title": ("Course title", "Up to 80 characters"),
            "email": ("E-mail", ""),
            "password": ("Password", "Length matters more than symbols"),
            "level": ("Level", ""),
            "about": ("About you", ""),
            "picture": ("Picture", "JPEG or PNG, up to 5 MB"),
            "order": ("Questions", ""),
            "shown": ("Show me on the leaderboard", ""),
        },
        "choices": ["One at a time", "All at once"],
        "currency": "USD",
        "prices": [2400, 2950, 0],
    },
    "ru": {
        "people": ["Дана Ким", "Омар Хаддад", "Павел Орлов", "Феликс Брандт", "Лена Вайс"],
        "courses": [
            "Статистика, которой можно верить",
            "Как решают клетки",
            "SQL, который отвечает",
        ],
        "line": "От средних до честных проверок — на Python и без магии.",
        "level": "Средний уровень",
        "prose": RU_PROSE,
        "empty": "Карточки появятся сами",
        "empty_text": "Пройдите тест после урока: всё, в чём вы ошиблись, вернётся в нужный день.",
        "note": "Опубликовано. Новую версию увидят 412 студентов.",
        "failure": "Банк отклонил карту. Деньги не списаны.",
        "save": "Сохранить черновик",
        "wait": "Сохраняем…",
        "tabs": ["Обзор", "Программа", "Отзывы"],
        "subject": "Математика",
        "form": {
            "title": ("Название курса", "До 80 знаков"),
            "email": ("Почта", ""),
            "password": ("Пароль", "Длина важнее символов"),
            "level": ("Уровень", ""),
            "about": ("О себе", ""),
            "picture": ("Картинка", "JPEG или PNG, до 5 МБ"),
            "order": ("Вопросы", ""),
            "shown": ("Показывать меня в рейтинге", ""),
        },
        "choices": ["По одному", "Все сразу"],
        "currency": "RUB",
        "prices": [249000, 129050, 0],
    },
}


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    username: str = "dana"
    email: str = "dana@example.org"
    role: str = "teacher"
    avatar_url: str = ""
    is_staff: bool = True
    is_authenticated: bool = True


class SampleForm(forms.Form):
    title = forms.CharField(max_length=80)
    email = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)
    level = forms.ChoiceField()
    about = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    picture = forms.FileField(required=False)
    order = forms.ChoiceField(widget=forms.RadioSelect)
    shown = forms.BooleanField(required=False)

    def __init__(self, *args: Any, samples: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(enumerate(samples["choices"]))
        self.fields["level"] = forms.ChoiceField(choices=choices)
        self.fields["order"] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
        for name, (label, hint) in samples["form"].items():
            self.fields[name].label, self.fields[name].help_text = label, hint


@login_not_required
@require_safe
def error(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a fault: 400, 403, 404, 429, 500 or 503."""
    match status:
        case 400:
            return errors.bad_request(request, SuspiciousOperation())
        case 403:
            return errors.forbidden(request, PermissionDenied())
        case 429:
            return error_answer(request, status, "")
        case 500:
            return errors.broken(request)
        case 503:
            return errors.given_up(request)
    return errors.not_found(request, Http404())


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """?lang=en|ru, ?layout=app|public|quiet|studio"""
    language = request.GET.get("lang") or translation.get_language() or "en"
    samples = SAMPLES[language]
    people = [Person(pk, name) for pk, name in enumerate(samples["people"], start=1)]
    wrong = SampleForm({"title": samples["courses"][0], "email": "dana@example"}, samples=samples)
    wrong.add_error(None, samples["failure"])
    with translation.override(language):
        now = timezone.now()
        return render(
            request,
            "pages/dev/components.html",
            {
                "layout": f"layouts/{request.GET.get('layout', 'app')}.html",
                "s": samples,
                "people": people,
                "user": people[0],
                "unread_notifications": 3,
                "form": SampleForm(samples=samples, initial={"order": 0}, auto_id="fresh_%s"),
                "wrong": wrong,
                "courses": list(zip(samples["courses"], samples["prices"], strict=True)),
                "moments": [now, now - timedelta(hours=2), now - timedelta(days=14)],
                "tabs": [(f"panel-{n}", name) for n, name in enumerate(samples["tabs"])],
                "crumbs": [(samples["subject"], "#"), (samples["courses"][0], "#")],
                "ratings": [(5, 86), (4, 10), (3, 3), (2, 1), (1, 0)],
                "colours": COLOURS,
                "arts": ["cards", "search", "talk", "curve", "shelf", "bell"],
            },
        )


# fmt: off
COLOURS = [
    "paper", "raised", "sunk", "tint", "hairline", "rule", "control", "ink", "ink-2", "ink-3",
    "accent", "accent-strong", "accent-soft", "amber", "amber-soft", "flame", "ok", "bad",
    "m0", "m1", "m2", "m3", "m4",
]
# fmt: on
