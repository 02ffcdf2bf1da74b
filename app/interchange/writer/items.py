"""Decide which item each medicine of a file goes to, and write the items.

A medicine goes to the same item as before, else to an item of its own. If it has the name or the
catalogue entry of an item that the person added, the person must choose: one item, or two. Nothing
is written before that choice. A likely catalogue entry is only offered.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlmodel import Session, select

from app.domain.catalogue import CATALOGUE, Treatment
from app.domain.matching import match_name
from app.domain.text import folded
from app.errors import Refused
from app.i18n import _, in_every_language
from app.interchange.imported_log import ImportedLog
from app.interchange.writer.clocks import due_on
from app.language.words import counted
from app.models import EntryVersion, ImportedMedicine, RegimenItem, User
from app.services.history import Decision, current_version, record_state_before
from app.services.items import MOST_ITEMS
from app.services.regimen_writes import change_item, item_subject, label_of, write_item
from app.services.versions import bump_regimen_version

TONES = ("mint", "blue", "amber", "copper", "violet", "teal", "rose", "sand")


@dataclass(frozen=True, slots=True)
class Choices:
    """The person's choices: medicine by name -> item by name or catalogue id; new ones by name."""

    matches: Mapping[str, str] = field(default_factory=dict)
    as_new: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MedicineInFile:
    """A medicine of a file: the name that identifies it, the name to show, its first day."""

    identity: str
    name: str
    first_on: date
    doses: int

    def is_named(self, text: str) -> bool:
        """Whether a person's text names this medicine."""
        return folded(text) in {folded(self.name), folded(self.identity)}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a medicine goes: an item (None: the person removed it) or an entry; and whether new.

    `alike` is an existing item that may be the same; `offered` an entry that may fit.
    """

    medicine: MedicineInFile
    item_id: UUID | None
    item: RegimenItem | None = None
    entry: Treatment | None = None
    alike: RegimenItem | None = None
    offered: Treatment | None = None

    def __str__(self) -> str:
        doses = counted("{n} dose", "{n} doses", self.medicine.doses)
        return " ".join([f"{self.medicine.name} ({doses}):", *self._sentences()])

    def _sentences(self) -> list[str]:
        if self.alike is not None:
            return [_("the same as your item {item}?", item=self.alike.name), how_to_choose(self)]
        if self.item_id is None:
            return [_("you removed this item, so it is not imported again.")]
        where = _("a new item.")
        if self.item is not None:
            where = _("goes to your item {item}.", item=self.item.name)
        if self.entry is not None:
            return [where, _("Linked to {entry} in the catalogue.", entry=self.entry.name)]
        return [where, *filter(None, [offer(self)])]


def medicines_in(user: User, log: ImportedLog, now: datetime) -> list[MedicineInFile]:
    """Return the medicines of a file, in its order."""
    first: dict[str, date] = {}
    doses: Counter[str] = Counter()
    for dose in log.doses:
        first.setdefault(dose.item, due_on(user, dose))
        doses[dose.item] += 1
    found = []
    for item in log.items:
        starts = [each.timing.starts_on for each in item.dosages]
        starts += [first[item.identity]] if item.identity in first else []
        first_on = min(starts, default=user.today(now))
        found.append(MedicineInFile(item.identity, item.name, first_on, doses[item.identity]))
    return found


def targets_of(
    session: Session,
    user: User,
    source: str,
    medicines: Sequence[MedicineInFile],
    choices: Choices,
) -> list[Target]:
    """Return where each medicine goes; raise `Refused` for a choice that cannot be followed."""
    _check_names(medicines, choices)
    items = list(session.exec(RegimenItem.owned_by(user.id)))
    known = session.exec(
        select(ImportedMedicine).where(
            ImportedMedicine.user_id == user.id, ImportedMedicine.source == source
        )
    )
    before = {each.name_key: each.regimen_item_id for each in known}
    return [_target(session, user, source, each, choices, items, before) for each in medicines]


def check_choices_are_made(targets: Sequence[Target]) -> None:
    """Refuse to import while a medicine may be an existing item and no choice was made."""
    open_ones = [target for target in targets if target.alike is not None]
    if open_ones:
        told = [
            _(
                '"{name}" may be the same as your item {item}: {choice}',
                name=each.medicine.name,
                item=each.alike.name,
                choice=how_to_choose(each),
            )
            for each in open_ones
            if each.alike is not None
        ]
        raise Refused(" ".join([_("Nothing was imported."), *told]), "match")


def how_to_choose(target: Target) -> str:
    """Name the two flags between which a person chooses."""
    name = target.medicine.name
    alike = target.alike.name if target.alike else name
    return _(
        'choose --match "{name}={item}" to add its doses to that item, '
        'or --as-new "{name}" for an item of its own.',
        name=name,
        item=alike,
    )


def offer(target: Target) -> str:
    """Write a sentence that offers a catalogue entry; empty if there is none."""
    if target.offered is None:
        return ""
    return _(
        'It looks like {entry} in the catalogue: to link it, add --match "{name}={entry_id}".',
        entry=target.offered.name,
        name=target.medicine.name,
        entry_id=target.offered.id,
    )


def write_items(
    session: Session, user: User, source: str, targets: Sequence[Target], run: Decision
) -> list[str]:
    """Add new items, and link matched ones; return the names of the new ones."""
    position = len(session.exec(RegimenItem.owned_by(user.id)).all())
    added = []
    for target in targets:
        if target.item_id is None:
            continue
        item = target.item or session.get(RegimenItem, target.item_id)
        if item is None:
            if position >= MOST_ITEMS:
                sentence = _(
                    "You can have at most {most} items: this file has more.", most=MOST_ITEMS
                )
                raise Refused(sentence, "file")
            _add(session, user, target, position, run)
            added.append(target.medicine.name)
            position += 1
        else:
            _adapt(session, user, item, target, run)
        _remember(session, target.medicine, target.item_id, source, run)
    session.flush()
    return added


def _check_names(medicines: Sequence[MedicineInFile], choices: Choices) -> None:
    for name in (*choices.matches, *choices.as_new):
        if not any(each.is_named(name) for each in medicines):
            raise Refused(_('The file has no medicine named "{name}".', name=name), "match")


def _target(
    session: Session,
    user: User,
    source: str,
    medicine: MedicineInFile,
    choices: Choices,
    items: Sequence[RegimenItem],
    before: Mapping[str, UUID],
) -> Target:
    by_id = {item.id: item for item in items}
    own_id = uuid5(user.id, f"{source} medication {medicine.identity}")
    item_id = before.get(_name_key(medicine), own_id)
    item = by_id.get(item_id)
    is_removed = item is None and _was_removed(session, user, item_id)
    wanted = next((to for name, to in choices.matches.items() if medicine.is_named(name)), None)
    if wanted is not None:
        return _chosen(
            medicine, wanted, items, Target(medicine, item_id, item), is_removed=is_removed
        )
    if any(medicine.is_named(name) for name in choices.as_new):
        again = uuid5(item_id, "again") if is_removed else item_id
        return Target(medicine, again, item, offered=_offered(medicine, item))
    if is_removed:
        return Target(medicine, None)
    alike = [] if item is not None else _alike(medicine, items, before.values())
    if alike:
        return Target(medicine, item_id, alike=alike[0])
    return Target(medicine, item_id, item, offered=_offered(medicine, item))


def _chosen(
    medicine: MedicineInFile,
    wanted: str,
    items: Sequence[RegimenItem],
    usual: Target,
    *,
    is_removed: bool,
) -> Target:
    """Return the item or the entry that the person named."""
    others = [item for item in items if usual.item is None or item.id != usual.item.id]
    found = _named(others, wanted)
    if len(found) > 1:
        sentence = _(
            'You have {count} items named "{name}": rename one first.',
            count=len(found),
            name=wanted,
        )
        raise Refused(sentence, "match")
    entry = CATALOGUE.get(wanted) or _entry_named(wanted)
    if found and usual.item is None:
        return Target(medicine, found[0].id, found[0])
    if found and entry is None and usual.item is not None:
        sentence = _(
            "{name} was imported as the item {item} before: remove that item first, then import "
            "again.",
            name=medicine.name,
            item=usual.item.name,
        )
        raise Refused(sentence, "match")
    if entry is None:
        sentence = _('There is no item and no catalogue entry named "{name}".', name=wanted)
        raise Refused(sentence, "match")
    item_id = usual.item_id
    if is_removed and item_id is not None:
        item_id = uuid5(item_id, "again")
    return Target(medicine, item_id, usual.item, entry)


def _entry_named(text: str) -> Treatment | None:
    wanted = folded(text)
    return next(
        (
            each
            for each in CATALOGUE.values()
            if wanted in map(folded, in_every_language(each.name))
        ),
        None,
    )


def _named(items: Sequence[RegimenItem], name: str) -> list[RegimenItem]:
    exactly = [item for item in items if item.name == name]
    return exactly or [item for item in items if folded(item.name) == folded(name)]


def _alike(
    medicine: MedicineInFile, items: Sequence[RegimenItem], imported: Collection[UUID]
) -> list[RegimenItem]:
    """Return items of that name; else the person's own items with the same catalogue entry.

    Two medicines on a phone are two, even if they look alike: so imported items are excluded.
    """
    entries = _entries_of(medicine)
    own = [item for item in items if item.id not in imported]
    return _named(items, medicine.name) or [
        item for item in own if len(entries) == 1 and _entry_ids(item) == {entries[0].id}
    ]


def _entry_ids(item: RegimenItem) -> set[str]:
    """Return the entry of an item; without a link or an answer, the entries its name may mean."""
    if item.catalogue_id is not None:
        return {item.catalogue_id}
    return {each.id for each in match_name(item.name)}


def _entries_of(medicine: MedicineInFile) -> Sequence[Treatment]:
    return match_name(medicine.name) or match_name(medicine.identity)


def _offered(medicine: MedicineInFile, item: RegimenItem | None) -> Treatment | None:
    """Return the likeliest catalogue entry for an item that is linked to none."""
    if item is not None and item.catalogue_id is not None:
        return None
    found = _entries_of(medicine)
    return found[0] if found else None


def _was_removed(session: Session, user: User, item_id: UUID) -> bool:
    """Whether the decision that counts removed an item; an undone import does not count."""
    versions = session.exec(EntryVersion.of_subject(user.id, item_subject(item_id)))
    standing = current_version(versions)
    return standing is not None and standing.state is None


def _add(session: Session, user: User, target: Target, position: int, run: Decision) -> None:
    entry = target.entry
    assert target.item_id is not None
    item = RegimenItem(
        id=target.item_id,
        user_id=user.id,
        name=target.medicine.name,
        catalogue_id=entry.id if entry else None,
        kind=entry.kind.value if entry else "supplement",
        route=entry.route.value if entry else "oral",
        icon=entry.icon if entry else "pill",
        tone=TONES[position % len(TONES)],
        starts_on=target.medicine.first_on,
        slots_from=None,
        position=position,
        created_at=run.received_at,
    )
    write_item(session, run, item.id, item.model_dump(exclude={"id"}), [])


def _adapt(session: Session, user: User, item: RegimenItem, target: Target, run: Decision) -> None:
    """Move an item's first day to its first dose, and link it if the person chose an entry."""
    changes: dict[str, object] = {}
    if target.medicine.first_on < item.starts_on:
        changes["starts_on"] = target.medicine.first_on
    if target.entry is not None and item.catalogue_id != target.entry.id:
        changes |= {
            "catalogue_id": target.entry.id,
            "kind": target.entry.kind.value,
            "route": target.entry.route.value,
        }
    if changes:
        state = {**item.model_dump(exclude={"id"}), "ingredients": label_of(session, item.id)}
        record_state_before(session, run, "regimen_item", item_subject(item.id), state)
        change_item(session, item, run, **changes)
        bump_regimen_version(session, user)


def _remember(
    session: Session, medicine: MedicineInFile, item_id: UUID, source: str, run: Decision
) -> None:
    key = _name_key(medicine)
    row = session.get(ImportedMedicine, (run.user_id, source, key))
    if row is None:
        row = ImportedMedicine(
            user_id=run.user_id,
            source=source,
            name_key=key,
            regimen_item_id=item_id,
            import_batch_id=run.import_batch_id,
        )
    elif row.regimen_item_id != item_id:
        row.regimen_item_id, row.import_batch_id = item_id, run.import_batch_id
    session.add(row)


def _name_key(medicine: MedicineInFile) -> str:
    return hashlib.sha256(medicine.identity.encode()).hexdigest()
