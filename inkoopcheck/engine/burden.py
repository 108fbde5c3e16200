"""The administrative burden (administratieve lasten) of a contract, from the tables ``lasten_*``.

Minutes and sums come from ``derived.sql``. Here shares are divided for display, demands get what
dropping or halving them would give, and the best moves are chosen among real candidates. Formulas:
share = minutes / (fte x net working hours x 60); cost = minutes / 60 x cost of an hour
(standaardkostenmodel: P x Q, Meten is weten II, 2007).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from inkoopcheck.dutch import format_number, join_words
from inkoopcheck.findings.model import (
    Kostprijseffect,
    Lasten,
    Lasteneis,
    Lastenkosten,
    Lastenuitkomst,
    Lastenvariant,
    Lastenzet,
)
from inkoopcheck.findings.place import Plaats
from inkoopcheck.tables.store import Tables

Row = Mapping[str, Any]

PROFESSIONAL, BACKOFFICE, GEMEENTE = "professional", "backoffice", "gemeente"
SAMEN = "professional en backoffice"

_LAYERS = {
    "LD-1": "Eigen of vermijdbare eisen",
    "LD-2": "Alles wat bij dit contract hoort",
    "LD-3": "Gemeten over de hele werktijd",
}
_MOVES = 3
_VARIANTS = {
    "inspanningsgericht": "inspanning",
    "outputgericht": "output",
    "taakgericht": "taak",
}
_VOLUMES = (
    "clienten_per_jaar", "instroom_per_jaar", "uitstroom_per_jaar", "gemiddelde_duur_maanden",
    "wijzigingen_per_jaar", "afgekeurde_regels_per_jaar", "fte_professional", "fte_backoffice",
    "fte_gemeente", "gemeten_administratietijd",
)  # fmt: skip
_ADMINISTRATION = (
    "Administratie is hier: elke handeling die de wet, een landelijke standaard of dit contract"
    " vraagt om toe te wijzen, te melden, te declareren, te registreren en te verantwoorden."
    " Verslagen voor de hulp zelf en regels van de aanbieder zelf tellen niet mee."
)
_NO_DEFINITION = (
    "De 10% heeft geen officiële definitie van administratie en ook niet van de werktijd."
    " Daarom staan hier onze definities en twee noemers."
)


@dataclass(frozen=True)
class CostPrice:
    """What an hour of a product costs: wage and overhead in euros, spread over these hours a year."""

    product: str
    per_hour: Decimal
    hours: Decimal


def burdens(tables: Tables, cost_prices: Sequence[CostPrice] = ()) -> list[Lasten]:
    """The burden of each contract about which something can be said.

    Args:
        tables: the loaded tables.
        cost_prices: per product of the cost model what an hour costs, to say what the imposed hours
            do to it.
    """
    filled = " OR ".join(f"c.{name} IS NOT NULL" for name in _VOLUMES)
    wanted = tables.query(
        "SELECT c.rij_id FROM basis.contract c CROSS JOIN (SELECT count(*) AS eisen FROM"  # noqa: S608
        f" basis.administratie WHERE omschrijving IS NOT NULL) a WHERE a.eisen > 0 OR {filled}"
    )
    if not wanted:
        return []
    tables.derive(["lasten_contract", "lasten_eis", "lasten_som"])
    keys = [row["rij_id"] for row in wanted]
    contracts = tables.query(
        "SELECT * FROM lasten_contract WHERE rij_id IN (SELECT unnest(?::BIGINT[])) ORDER BY rij_id",
        [keys],
    )
    acts = tables.query(
        "SELECT e.*, a.bestand, a.blad, a.cellen, a.rij FROM lasten_eis e"
        " LEFT JOIN basis.administratie a ON a.rij_id = e.rij_id ORDER BY e.nummer"
    )
    sums = tables.query("SELECT * FROM lasten_som")
    found = []
    for contract in contracts:
        own = [act for act in acts if act["contract_rij_id"] == contract["rij_id"]]
        if own and contract["streefwaarde"] is not None and contract["netto_uren"] is not None:
            totals = {
                row["scenario"]: row for row in sums if row["contract_rij_id"] == contract["rij_id"]
            }
            found.append(_Burden(tables, contract, own, totals).result(cost_prices))
    return found


def cost_price_effect(
    tables: Tables, cost_per_hour: Decimal, hours: Decimal, imposed: Decimal
) -> Decimal | None:
    """Euro per hour that imposed hours add to the cost price; None when they leave no hours.

    ``(K_loon + K_oh) x delta / (U - delta)``: the same wage spread over fewer hours.
    """
    row = tables.query(
        "SELECT kostprijs_door_lasten(?::DECIMAL(12,4), ?::DECIMAL(12,4), ?::DECIMAL(12,4)) AS effect",
        [cost_per_hour, hours, imposed],
    )[0]
    effect: Decimal | None = row["effect"]
    return None if effect is None else _cents(effect)


class _Burden:
    """One contract: its figures, its acts and its sums per scenario."""

    def __init__(
        self, tables: Tables, contract: Row, acts: Sequence[Row], sums: Mapping[str, Row]
    ) -> None:
        self.tables = tables
        self.contract = contract
        self.acts = acts
        self.sums = sums
        self.complete = not contract["clienten_onbekend"]
        self.target: Decimal = contract["streefwaarde"]
        self.time = {
            PROFESSIONAL: contract["tijd_professional"],
            BACKOFFICE: contract["tijd_backoffice"],
            GEMEENTE: contract["tijd_gemeente"],
        }
        self.time[SAMEN] = self.time[PROFESSIONAL]
        self.hour_costs = {
            PROFESSIONAL: contract["uurkosten_professional"] or Decimal(0),
            BACKOFFICE: contract["uurkosten_backoffice"] or Decimal(0),
        }

    def result(self, cost_prices: Sequence[CostPrice]) -> Lasten:
        acts = [self._act(row) for row in self.acts if row["niet_geteld"] is None]
        acts.sort(key=lambda a: (-(a.minuten_professional or 0), -(a.minuten or 0)))
        hours = self._imposed_hours()
        local_hours = self._imposed_hours(local=True)
        outcomes = self._outcomes()
        return Lasten(
            contract=self.contract["contract_id"],
            variant=self._variant_text(),
            streefwaarde=_figure(self.target),
            achtergrond=_figure(self.contract["achtergrond"]),
            oordeel=self._judgement(outcomes),
            definities=self._definitions(),
            aannames=self._assumptions(),
            uitkomsten=outcomes,
            eisen=acts,
            niet_geteld=[
                f"{row['naam']}: {row['niet_geteld']}."
                for row in self.acts
                if row["niet_geteld"] is not None
            ],
            minuten_per_client=self._per_client(),
            kosten=self._costs(),
            varianten=self._variants(),
            zetten=self._moves(),
            uren_per_fte=_figure(hours),
            uren_per_fte_lokaal=_figure(local_hours),
            kostprijseffecten=[
                Kostprijseffect(
                    product=price.product,
                    per_uur=cost_price_effect(self.tables, price.per_hour, price.hours, hours),
                    per_uur_lokaal=cost_price_effect(
                        self.tables, price.per_hour, price.hours, local_hours
                    ),
                )
                for price in cost_prices
                if hours is not None and local_hours is not None
            ],
        )

    def _total(self, party: str, scenario: str = "midden", *, local: bool = False) -> Decimal:
        row = self.sums.get(scenario, {})
        suffix = "_lokaal" if local else ""
        parties = (PROFESSIONAL, BACKOFFICE) if party == SAMEN else (party,)
        return sum((row.get(f"{name}{suffix}") or Decimal(0) for name in parties), Decimal(0))

    def _share(self, minutes: Decimal | None, time: Decimal | None) -> Decimal | None:
        return _figure(100 * minutes / time) if minutes is not None and time else None

    def _outcomes(self) -> list[Lastenuitkomst]:
        found = []
        for layer in ("LD-1", "LD-2"):
            parties = (PROFESSIONAL, BACKOFFICE, SAMEN, GEMEENTE)
            for party in parties if self.complete else parties[:1]:
                found.append(self._outcome(layer, party))
        measured = self.contract["gemeten"]
        found.append(
            Lastenuitkomst(
                laag="LD-3",
                titel=_LAYERS["LD-3"],
                partij=PROFESSIONAL,
                aandeel=_figure(measured),
                boven_streefwaarde=None if measured is None else measured > self.target,
                reden="De aanbieder gaf geen meting." if measured is None else None,
            )
        )
        return found

    def _outcome(self, layer: str, party: str) -> Lastenuitkomst:
        local = layer == "LD-1"
        outcome = Lastenuitkomst(laag=layer, titel=_LAYERS[layer], partij=party)
        if not self.complete:
            outcome.reden = "Het aantal cliënten per jaar ontbreekt."
            return outcome
        low, middle, high = (
            self._total(party, scenario, local=local) for scenario in ("laag", "midden", "hoog")
        )
        outcome.minuten_laag, outcome.minuten, outcome.minuten_hoog = map(
            _minutes, (low, middle, high)
        )
        time = self.time[party]
        if not time:
            outcome.reden = self._missing_time(party)
            return outcome
        gross = time * self.contract["uren_bruto"] / self.contract["netto_uren"]
        outcome.werktijd = _minutes(time)
        outcome.aandeel_laag = self._share(low, time)
        outcome.aandeel = self._share(middle, time)
        outcome.aandeel_hoog = self._share(high, time)
        outcome.aandeel_contracturen = self._share(middle, gross)
        outcome.ruimte = self._share(middle * 100, time * self.target)
        # Cross-multiplied, so that no rounding decides: exactly the target passes.
        outcome.boven_streefwaarde = 100 * middle > self.target * time
        return outcome

    def _missing_time(self, party: str) -> str:
        if party in (PROFESSIONAL, SAMEN):
            return (
                "Het aantal fte professionals ontbreekt, en niet elk product heeft een tarief per"
                " minuut of uur met een volume."
            )
        return f"Het aantal fte van de {party} ontbreekt."

    def _judgement(self, outcomes: Sequence[Lastenuitkomst]) -> str:
        whole = next(u for u in outcomes if (u.laag, u.partij) == ("LD-2", PROFESSIONAL))
        measured: Decimal | None = self.contract["gemeten"]
        target = f"{format_number(self.target)}%"
        if whole.aandeel is None:
            text = f"Het aandeel in de werktijd is niet te bepalen. {whole.reden}"
        else:
            text = f"Dit contract gebruikt {_percent(whole.ruimte)} van de {target}-ruimte van professionals."
            if whole.boven_streefwaarde:
                text += (
                    f" Dat is meer dan de hele ruimte: {_percent(whole.aandeel)} van hun werktijd."
                )
            else:
                text += f" Dat is {_percent(whole.aandeel)} van hun werktijd."
            if (whole.aandeel or 0) > 100:
                text += " Zo veel minuten passen niet in de werktijd: kijk de getallen na."
        if measured is None:
            return (
                f"{text} Of professionals onder {target} blijven, zegt dit niet: daarvoor is een"
                " meting van hun hele werktijd nodig."
            )
        side = "boven" if measured > self.target else "niet boven"
        return f"{text} De aanbieder mat {_percent(measured)} van de hele werktijd; dat is {side} {target}."

    def _definitions(self) -> list[str]:
        contract = self.contract
        net = format_number(contract["netto_uren"], 2)
        source = "opgave in het contract" if contract["netto_opgegeven"] else "onze aanname"
        return [
            _NO_DEFINITION,
            _ADMINISTRATION,
            f"Werktijd is hier: fte maal {net} netto werkbare uren per jaar ({source}). Dat zijn de"
            " contracturen zonder verlof, feestdagen en ziekte.",
            f"De andere noemer is: fte maal {format_number(contract['uren_bruto'])} contracturen.",
            "Minuten per handeling zijn nergens gepubliceerd. Standaardminuten zijn onze aanname;"
            " daarom staan er een laag en een hoog cijfer bij.",
        ]

    def _assumptions(self) -> list[str]:
        contract = self.contract
        found = []
        if contract["deel_inspanning"] is None:
            found.append(
                "De uitvoeringsvariant is niet bekend. Daarom tellen alleen de eisen van het blad"
                " Administratie mee."
            )
        if self.complete:
            if not contract["clienten_bekend"]:
                found.append("Het aantal cliënten is niet (goed) ingevuld: wij nemen de instroom.")
            if not contract["instroom_bekend"]:
                found.append("De instroom is niet (goed) ingevuld: wij nemen het aantal cliënten.")
            if not contract["uitstroom_bekend"]:
                found.append("De uitstroom is niet (goed) ingevuld: wij nemen de instroom.")
        if contract["duur"] is None:
            found.append(
                "De duur van de hulp is niet (goed) ingevuld: wij nemen twaalf maanden per jaar."
            )
        found.append("Per cliënt rekenen wij met één product tegelijk.")
        if contract["fte_professional"] is None and contract["gekochte_tijd"] is not None:
            found.append(
                "Het aantal fte is niet ingevuld: wij leiden de werktijd af uit de uren die het"
                f" contract koopt ({format_number(contract['fte_gerekend'], 2)} fte)."
            )
        if not contract["werkdagen_opgegeven"]:
            days = format_number(contract["werkdagen"], 2)
            found.append(
                f"Een fte werkt {days} dagen per jaar (netto uren gedeeld door de uren per dag)."
            )
        for party, cost in self.hour_costs.items():
            found.append(f"Een uur van de {party} kost € {format_number(cost, 2)}.")
        found.append(
            "Voor een uur van de gemeente of de accountant is geen bedrag bekend. Hun tijd staat"
            " daarom niet in de kosten."
        )
        if contract["ureninformatie_bron"]:
            found.append(f"Bron van aantallen en uren: {contract['ureninformatie_bron']}")
        return found

    def _variant_text(self) -> str:
        parts = {name: self.contract[f"deel_{short}"] for name, short in _VARIANTS.items()}
        present = {name: part for name, part in parts.items() if part}
        if not present:
            return "onbekend"
        if len(present) == 1:
            return next(iter(present))
        return join_words([f"{name} ({_percent(100 * part)})" for name, part in present.items()])

    def _act(self, row: Row) -> Lasteneis:
        minutes: Decimal = row["minuten_midden"]
        professional = minutes * row["deel_professional"]
        time = None if row["per_client"] else self.time[PROFESSIONAL]
        share = self._share(professional, time) if professional else None
        local = bool(row["lokaal"])
        act = Lasteneis(
            naam=row["naam"],
            plaats=self._place(row),
            herkomst={
                "blad": "blad Administratie",
                "contract": "blad Contract (tijdregistratie)",
            }.get(row["herkomst"], "standaardhandeling"),
            grondslag=row["grondslag"],
            lokaal=local,
            uitvoerder=_who(row),
            eenheid=row["eenheid"],
            aantal=_figure(row["aantal"]),
            keer=_figure(row["keer"]),
            minuten_per_keer=_figure(row["keer_minuten"]),
            minuten_per_keer_laag=_figure(row["keer_minuten_laag"]),
            minuten_per_keer_hoog=_figure(row["keer_minuten_hoog"]),
            minuten_aangenomen=bool(row["minuten_aangenomen"]),
            per_client=bool(row["per_client"]),
            minuten=_minutes(minutes),
            minuten_professional=_minutes(professional),
            aandeel=share,
            kosten=None if row["per_client"] else _cents(self._cost(row, minutes)),
            te_schrappen=bool(row["mag_weg"]),
            aannames=_row_assumptions(row),
        )
        if local and share is not None:
            act.winst_schrappen = share if row["mag_weg"] else None
            act.winst_halveren = self._share(professional / 2, time)
        act.minuten_bij_streefwaarde = self._break_even(row, professional)
        return act

    def _break_even(self, row: Row, professional: Decimal) -> Decimal | None:
        """Minutes each time at which the whole contract comes out at the target."""
        time = self.time[PROFESSIONAL]
        often = row["aantal"] * row["keer"] * row["deel_professional"]
        if not time or not often or not self.complete or row["per_client"]:
            return None
        others = self._total(PROFESSIONAL) - professional
        room = self.target * time / 100 - others
        return _figure(room / often) if room > 0 else None

    def _place(self, row: Row) -> Plaats | None:
        if row["herkomst"] != "blad" or row["blad"] is None:
            return None
        cell = (row["cellen"] or {}).get("omschrijving")
        return Plaats(
            bestand=row["bestand"],
            blad=row["blad"],
            cel=cell.rpartition("!")[2] if cell else f"A{row['rij']}",
        )

    def _cost(self, row: Row, minutes: Decimal) -> Decimal:
        rate: Decimal = (
            row["deel_professional"] * self.hour_costs[PROFESSIONAL]
            + row["deel_backoffice"] * self.hour_costs[BACKOFFICE]
        )
        return minutes * rate / 60

    def _costs(self) -> list[Lastenkosten]:
        if not self.complete:
            return []
        found = []
        for party, rate in self.hour_costs.items():
            low, middle, high = (
                self._total(party, scenario) for scenario in ("laag", "midden", "hoog")
            )
            found.append(
                Lastenkosten(
                    partij=party,
                    uurkosten=_cents(rate),
                    uren=_figure(middle / 60),
                    laag=_cents(low * rate / 60),
                    midden=_cents(middle * rate / 60),
                    hoog=_cents(high * rate / 60),
                )
            )
        return found

    def _per_client(self) -> Decimal | None:
        minutes: Decimal | None
        if self.complete:
            minutes = self._total(SAMEN) / self.contract["clienten"]
        else:
            minutes = self.sums.get("midden", {}).get("van_een_client")
        return None if minutes is None else _minutes(minutes)

    def _variants(self) -> list[Lastenvariant]:
        if not self.complete or self.contract["deel_inspanning"] is None:
            return []
        now = self._total(PROFESSIONAL)
        found = []
        for name, short in _VARIANTS.items():
            current = self.contract[f"deel_{short}"] == 1
            minutes = now if current else self._total(PROFESSIONAL, short)
            found.append(
                Lastenvariant(
                    variant=name,
                    huidig=current,
                    minuten_professional=_minutes(minutes),
                    aandeel=self._share(minutes, self.time[PROFESSIONAL]),
                    verschil=self._share(now - minutes, self.time[PROFESSIONAL]),
                )
            )
        return found

    def _moves(self) -> list[Lastenzet]:
        """The best moves among all: per demand drop it or ask half as often, or another variant."""
        if not self.complete:
            return []
        candidates = []
        for row in self.acts:
            if row["niet_geteld"] is not None or not row["lokaal"]:
                continue
            minutes: Decimal = row["minuten_midden"]
            if not row["mag_weg"]:
                # The workbook says that it cannot go; half as often may still do.
                text, minutes = f"Vraag half zo vaak: {row['naam']}", minutes / 2
            elif row["sleutel"] == "tijdschrijven" and row["genoemd"]:
                text = f"Stop met tijdschrijven ({row['naam']})"
            else:
                text = f"Schrap de eis: {row['naam']}"
            candidates.append(
                self._move(
                    text, minutes * row["deel_professional"], minutes * row["deel_backoffice"]
                )
            )
        # Variants exclude each other, so only the one that gives most is a candidate.
        variants = []
        for name, short in _VARIANTS.items():
            own = self.contract[f"deel_{short}"]
            if own is None:
                continue
            text = f"Vraag alleen wat bij {name} hoort" if own == 1 else f"Koop {name} in"
            gains = (
                self._total(party) - self._total(party, short)
                for party in (PROFESSIONAL, BACKOFFICE)
            )
            variants.append(self._move(text, *gains))
        if variants:
            candidates.append(max(variants, key=lambda m: (m.minuten_professional, m.minuten)))
        real = [move for move in candidates if move.minuten_professional > 0 or move.minuten > 0]
        real.sort(key=lambda move: (-move.minuten_professional, -move.minuten))
        return real[:_MOVES]

    def _move(self, text: str, professional: Decimal, backoffice: Decimal) -> Lastenzet:
        cost = (
            professional * self.hour_costs[PROFESSIONAL] + backoffice * self.hour_costs[BACKOFFICE]
        ) / 60
        return Lastenzet(
            omschrijving=text,
            minuten_professional=_minutes(professional),
            minuten=_minutes(professional + backoffice),
            procentpunt=self._share(professional, self.time[PROFESSIONAL]),
            kosten=_cents(cost),
        )

    def _imposed_hours(self, *, local: bool = False) -> Decimal | None:
        fte = self.contract["fte_gerekend"]
        if not self.complete or not fte:
            return None
        return self._total(PROFESSIONAL, local=local) / 60 / Decimal(fte)


def _who(row: Row) -> str:
    for party in (GEMEENTE, "accountant", PROFESSIONAL, BACKOFFICE):
        if row[f"deel_{party}"] == 1:
            return party
    return f"professional ({_percent(100 * row['deel_professional'])}) en backoffice"


def _row_assumptions(row: Row) -> list[str]:
    texts = {
        "minuten_standaard": f"minuten van: {row['handeling_naam']}",
        "keer_standaard": "hoe vaak",
        "eenheid_standaard": "waarover de eis telt",
        "grondslag_aangenomen": "grondslag",
        "wie_aangenomen": "wie het doet",
        "deel_aangenomen": "deel van het contract waarvoor de eis geldt",
    }
    return [text for name, text in texts.items() if row[name]]


def _percent(value: Decimal | None) -> str:
    return f"{format_number(value or Decimal(0), 2)}%"


def _figure(value: Any) -> Any:
    """A figure in two decimals, half up; None stays None."""
    return None if value is None else Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


_minutes = _figure
_cents = _figure
