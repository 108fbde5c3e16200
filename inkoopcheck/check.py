"""Check contract workbooks: read, judge, explain. The command line and the web page call this."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from inkoopcheck import __version__
from inkoopcheck.contracts import file_of, heading_of
from inkoopcheck.engine.burden import burdens
from inkoopcheck.engine.figures import figures
from inkoopcheck.engine.ruleset import Ruleset, load_yaml
from inkoopcheck.engine.run import Judge, Judgement, Offered
from inkoopcheck.engine.tariffs import calculations, costs_per_hour, verdicts
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.explanations import Explanation, apply_explanations
from inkoopcheck.findings.model import Contractresultaat, Onbruikbaar, Resultaat
from inkoopcheck.findings.place import Plaats
from inkoopcheck.readers.vocabulary import Vocabulary
from inkoopcheck.readers.workbook import ReadWorkbook, read_workbook
from inkoopcheck.tables.store import Tables
from inkoopcheck.validation import explain_validation

if TYPE_CHECKING:
    from inkoopcheck.readers.mapping import Mapping

READING_FAMILY = "lezen"


class _GivenExplanation(BaseModel):
    model_config = ConfigDict(extra="forbid")
    regel: str
    productcode: str | None = None
    reden: str | None = None
    door: str | None = None
    tot: datetime.date | None = None


def load_explanations(path: Path) -> list[Explanation]:
    """Read explanations from a YAML file: a list of regel, productcode, reden, door, tot.

    Raises:
        UnusableInput: the file is not such a list.
    """
    content = load_yaml(path)
    if not isinstance(content, list):
        raise UnusableInput(f"{path.name} is geen lijst van uitleg (regel, reden, door, tot).")
    explanations = []
    for number, item in enumerate(content, start=1):
        try:
            given = _GivenExplanation.model_validate(item)
        except ValidationError as error:
            raise UnusableInput(
                f"{path.name}, uitleg {number}: {explain_validation(error)}"
            ) from None
        explanations.append(
            Explanation(
                given.regel,
                given.productcode,
                given.reden,
                given.door,
                given.tot,
                Plaats(bestand=printable(path.name)),
            )
        )
    return explanations


class ContractChecker:
    """Checks workbooks one after another with one ruleset and one database."""

    def __init__(
        self,
        ruleset: Ruleset,
        vocabulary: Vocabulary,
        peildatum: datetime.date,
        *,
        mapping: "Mapping | None" = None,
        explanations: Sequence[Explanation] = (),
    ) -> None:
        self._ruleset = ruleset
        self._vocabulary = vocabulary
        self._peildatum = peildatum
        self._mapping = mapping
        self._explanations = list(explanations)
        self._tables = Tables()
        self._judge = Judge(ruleset, self._tables)
        self._judge.prepare(peildatum)
        for rule in ruleset.own:
            if mistake := self._judge.check_binding(rule):
                raise UnusableInput(f"Uw eigen regel {rule.id} klopt niet: {mistake}.")
        self.personal_cells: dict[str, dict[str, set[str]]] = {}
        self.checked: list[Path] = []
        """The workbooks that could be used, in the order of the results."""

    def rows(self, sql: str, *tables: str) -> list[dict[str, Any]]:
        """Rows of the workbook that was checked last, from its base tables and the derived ``tables``."""
        self._tables.derive(tables)
        return self._tables.query(sql)

    def check(self, path: Path) -> Contractresultaat:
        """Read and judge one workbook.

        Raises:
            UnusableInput: the file cannot be used; the message says why.
        """
        workbook = read_workbook(path, self._vocabulary, self._mapping)
        self.personal_cells[str(path)] = workbook.personal_cells
        self._tables.clear()
        for table, rows in workbook.rows.items():
            self._tables.load(table, rows)
        offered = Offered(workbook.offered)
        others = [f for f in self._families() if f != READING_FAMILY]
        judgement = self._judge.judge(offered, printable(path.name), others)
        self._explain(workbook, judgement, path)
        reading = self._judge.judge(offered, printable(path.name), [READING_FAMILY])
        judgement.afwijkingen[:0] = reading.afwijkingen
        judgement.regels[:0] = reading.regels
        return self._result(path, workbook, judgement)

    def run(self, paths: Iterable[Path]) -> Resultaat:
        """Check all workbooks; a file that cannot be used is named and never stops the others."""
        result = Resultaat(
            versie=__version__,
            regelversie=self._ruleset.fingerprint,
            gemaakt_op=datetime.datetime.now().astimezone().replace(microsecond=0),
            peildatum=self._peildatum,
            overschreven=self._ruleset.overrides,
        )
        for path in paths:
            try:
                result.contracten.append(self.check(path))
                self.checked.append(path)
            except UnusableInput as error:
                result.onbruikbaar.append(
                    Onbruikbaar(bestand=printable(path.name), reden=printable(str(error)))
                )
        return result

    def _families(self) -> list[str]:
        return list(dict.fromkeys(rule.familie for rule in self._ruleset.rules))

    def _explain(self, workbook: ReadWorkbook, judgement: Judgement, path: Path) -> None:
        given = [
            Explanation(
                str(row.get("regel") or ""),
                row.get("productcode"),
                row.get("reden"),
                row.get("door"),
                row.get("tot"),
                Plaats(bestand=printable(path.name), blad=row["blad"], cel=f"A{row['rij']}"),
            )
            for row in workbook.rows.get("uitleg", [])
            if row.get("regel")
        ]
        problems = apply_explanations(
            judgement.afwijkingen, [*given, *self._explanations], self._peildatum
        )
        highest = max((row["rij_id"] for rows in workbook.rows.values() for row in rows), default=0)
        self._tables.load(
            "leesmelding",
            [
                {
                    "rij_id": highest + number,
                    "bestand": problem.explanation.place.bestand,
                    "blad": problem.explanation.place.blad,
                    "cellen": _cell(problem.explanation.place),
                    "soort": "uitleg telt niet",
                    "gevonden": problem.found,
                    "verwacht": problem.expected,
                }
                for number, problem in enumerate(problems, start=1)
            ],
        )

    def _result(
        self, path: Path, workbook: ReadWorkbook, judgement: Judgement
    ) -> Contractresultaat:
        contracts = workbook.rows.get("contract", [])
        providers = workbook.rows.get("aanbieder", [])
        contract = contracts[0] if len(contracts) == 1 else {}
        for deviation in judgement.afwijkingen:
            deviation.contract = deviation.contract or contract.get("contract_id")
            deviation.gemeente = deviation.gemeente or contract.get("gemeente")
        computed = calculations(self._tables, self._ruleset.parameters)
        return Contractresultaat(
            **dict(heading_of(contract, providers)),
            bestand=file_of(path, workbook.kind),
            bladen=workbook.sheets,
            afwijkingen=judgement.afwijkingen,
            regels=judgement.regels,
            kerncijfers=figures(self._tables),
            tarieftoetsen=verdicts(self._tables, self._ruleset.codelists) if computed else [],
            berekeningen=computed,
            lasten=burdens(self._tables, costs_per_hour(computed)),
        )


def _cell(place: Plaats) -> dict[str, str]:
    return {"gevonden": f"{place.blad}!{place.cel}"} if place.blad else {}
