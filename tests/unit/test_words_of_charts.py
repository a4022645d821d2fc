"""What maps and axes print, computed by Vega as in a browser, in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
import vl_convert

from gapatlas.charts import Classes, MapDesign, map_chart
from gapatlas.charts.amounts import money_axis
from gapatlas.charts.expressions import in_percent, in_words
from gapatlas.charts.gap_map import AXES, GapDesign, gap_legend, gap_map
from gapatlas.charts.reporting_map import completeness_design
from gapatlas.charts.view import name_of_shape, names_of_shapes, shapes_by_url
from gapatlas.config import Measure
from gapatlas.languages import LANGUAGES, chart_locale, mark, say, speaking
from tests.support import ratio
from tests.unit.test_gap_charts import MAP, SHAPES

MEASURE = Measure.model_validate(ratio(("convicted", "persons"), ("prosecuted", "persons")))
FIGURE = {"nl": 1234, "nr": 2, "dl": 4000, "dr": 0, "lo": 300, "hi": 405, "y": 20203, "k": 1}
NO_LIMIT = {"nl": 7, "nr": 0, "dl": 0, "dr": 3, "lo": 3, "hi": -1, "y": 20203, "k": 1}
GAP = {"k": 1, "u": 4, "ol": 1200, "orr": 30, "ef": 2000, "et": 3000, "vf": 60, "vt": 1500}
TITLES = ("Value", "95% interval", "Counts", "Years", "Expected", "Observed", "Years reported",
          *AXES.values(), "Gap", "Figures reported", "Stages without any figure")  # fmt: skip


def printed(expressions: list[str], datum: dict[str, Any], params: Sequence[Any] = ()) -> list[str]:
    """The texts that Vega makes of expressions; what is not defined is left out."""
    spec = {
        "params": [parameter.param.to_dict() for parameter in params],
        "data": {"values": [{"properties": {"name": "X"}, **datum}]},
        "transform": [
            {"calculate": f"[{', '.join(expressions)}]", "as": "told"},
            {"flatten": ["told"]},
            {"filter": "isValid(datum.told)"},
            {"window": [{"op": "row_number", "as": "row"}]},
        ],
        "mark": "text",
        "encoding": {
            "text": {"field": "told", "type": "nominal"},
            "y": {"field": "row", "type": "ordinal", "axis": None},
        },
        "config": chart_locale(),
    }
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))
    return ["".join(node.itertext()) for node in svg.iter("{http://www.w3.org/2000/svg}text")]


def tooltip_of(chart: Any, datum: dict[str, Any]) -> list[str]:
    """What a map says of a place under each of the titles."""
    expression = chart.to_dict(validate=False)["encoding"]["tooltip"]["value"]["expr"]
    return printed([f"({expression})[{say(title)!r}]" for title in TITLES], datum)


def told(language: str) -> list[str]:
    """What maps, axes and sentences in the browser print of the same figures."""
    with speaking(language):
        rates = map_chart(MapDesign(MEASURE, MAP, Classes((0.1,)), "UN", window=5), SHAPES)
        gaps = gap_map(GapDesign(MAP, "ratio", "persons", "the middle", "UN", 5), SHAPES)
        chances = gap_map(GapDesign(MAP, "probability", "persons", "the middle", "UN", 5), SHAPES)
        silence = completeness_design(MAP, ["detected"], "UN", "light", "").tooltip
        axis = money_axis().replace("datum.value", "datum.money")
        return [
            *tooltip_of(rates, FIGURE),
            *tooltip_of(rates, NO_LIMIT),
            *tooltip_of(rates, {"k": 9}),
            *tooltip_of(gaps, GAP),
            *tooltip_of(chances, {**GAP, "vf": 12, "vt": 34}),
            *tooltip_of(gaps, {"k": 10}),
            *printed([f"({silence})[{say('Figures reported')!r}]"], {"r": 3, "a": 11, "m": 1}),
            *printed([axis], {"money": 2_500_000}),
            *printed([in_percent("datum.share")], {"share": 12.5}),
            *[
                cell["label"]
                for cell in next(iter(gap_legend("ratio", "light")["datasets"].values()))
            ],
        ]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_maps_print_the_same_figures_in_the_words_of_the_language(language: str) -> None:
    english, said = told("en"), told(language)

    assert len(said) == len(english) > 25
    assert [_figures(text) for text in said] == [_figures(text) for text in english]
    words = {text for text in english if any(sign.isalpha() for sign in text)}
    assert not words & set(said)
    assert not [text for text in said if "{" in text or "undefined" in text]


def _figures(text: str) -> Counter[str]:
    return Counter(sign for sign in text if sign.isdigit())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_in_the_browser_reads_as_the_same_message_of_the_page(language: str) -> None:
    message = mark("{low} to {high}, over the counts in ranges")
    with speaking(language):
        spoken = say(message, low="1", high="2")
        assert printed([in_words(message, low="datum.a", high="datum.b")], {"a": 1, "b": 2}) == [
            spoken
        ]


def test_a_map_names_its_places_in_the_language_that_is_spoken() -> None:
    names = {"AAA": "Albanie", "BBB": "Same"}
    properties = [{"id": "AAA", "name": "Albania"}, {"id": "BBB", "name": "Same"}]
    geometries = [{"type": None, "properties": own} for own in properties]
    topology = {"objects": {MAP.object: {"geometries": geometries}}}

    shapes = shapes_by_url(MAP, "shapes.topojson", topology, names)
    told = [
        printed([name_of_shape(shapes)], {"properties": own}, names_of_shapes(shapes))
        for own in properties
    ]

    assert shapes.names == {"AAA": "Albanie"}
    assert told == [["Albanie"], ["Same"]]
    assert geometries[0]["properties"] == {"id": "AAA", "name": "Albania"}


def test_the_english_words_of_a_tooltip_stay_as_they_were() -> None:
    rates = map_chart(MapDesign(MEASURE, MAP, Classes((0.1,)), "UN", window=5), SHAPES)
    assert tooltip_of(rates, FIGURE)[2:] == [
        "1,234 to 1,236 persons convicted, 4,000 persons prosecuted",
        "2016-2020, 3 reported",
    ]
