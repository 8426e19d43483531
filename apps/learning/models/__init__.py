"""Questions and quizzes, cards and their log, concepts, evidence, pre-tests, talks, annotations, acts."""

from .annotations import Annotation
from .cards import (
    Card,
    CardState,
    MemoryParameters,
    MemorySettings,
    Note,
    NoteKind,
    NoteSource,
    Review,
)
from .concepts import (
    Concept,
    ConceptProposal,
    LessonConcept,
    MergedConcept,
    NoteConcept,
    Prerequisite,
    ProposalStatus,
    QuestionConcept,
)
from .digests import LessonDigest
from .evidence import Evidence, EvidenceKind, Mastery, Standing
from .imports import Import, ImportFormat
from .passages import LessonReading, Passage
from .pretests import KnownLesson, Pretest, PretestAnswer, PretestFactor, TakenLesson
from .quizzes import (
    Answer,
    Attempt,
    Difficulty,
    Question,
    QuestionKind,
    QuestionStatus,
    QuestionVersion,
    Quiz,
)
from .refreshes import Refresh, RefreshItem
from .statements import Activity, Statement, StudyTime, Verb
from .tutoring import RatingReason, Speaker, TalkRating, TutorMessage, TutorRating, TutorThread

__all__ = [
    "Activity",
    "Annotation",
    "Answer",
    "Attempt",
    "Card",
    "CardState",
    "Concept",
    "ConceptProposal",
    "Difficulty",
    "Evidence",
    "EvidenceKind",
    "Import",
    "ImportFormat",
    "KnownLesson",
    "LessonConcept",
    "LessonDigest",
    "LessonReading",
    "Mastery",
    "MemoryParameters",
    "MemorySettings",
    "MergedConcept",
    "Note",
    "NoteConcept",
    "NoteKind",
    "NoteSource",
    "Passage",
    "Prerequisite",
    "Pretest",
    "PretestAnswer",
    "PretestFactor",
    "ProposalStatus",
    "Question",
    "QuestionConcept",
    "QuestionKind",
    "QuestionStatus",
    "QuestionVersion",
    "Quiz",
    "RatingReason",
    "Refresh",
    "RefreshItem",
    "Review",
    "Speaker",
    "Standing",
    "Statement",
    "StudyTime",
    "TakenLesson",
    "TalkRating",
    "TutorMessage",
    "TutorRating",
    "TutorThread",
    "Verb",
]
