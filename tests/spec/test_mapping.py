"""What an office's table says -> what the atlas says of it, layout by layout.

Each example is the file, the block `map`, and the rows of the atlas. Figures are made up.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from gapatlas.atlas import open_atlas
from gapatlas.build import build
from tests.mapped_tables import problems_of, rows_of_atlas, write_mapped


class Example(NamedTuple):
    """A file, its map, and the rows of the atlas."""

    file: str
    map_: str
    rows: str
    kind: str = "observations"


EXAMPLES = {
    "long, one stage": Example(
        """
        Provincia,Periodo,Casos
        Aguascalientes,2020,12
        CIUDAD DE MEXICO,2020,"1,204"
        Jalisco,2020,0
        """,
        """
        place: {column: Provincia}
        year: {column: Periodo}
        count: {column: Casos, stage: detected, unit: victims}
        thousands: ","
        """,
        """
        MX-AGU 2020 detected victims 12
        MX-CMX 2020 detected victims 1204
        MX-JAL 2020 detected victims 0
        """,
    ),
    "long, stages and units in columns, with other columns that are passed over": Example(
        """
        Nr,Place,Stage,What,Year,N
        1,Jalisco,Condenados,Personas,2021,5
        2,Jalisco,Procesados,Personas,2021,9
        3,Jalisco,Procesados,Causas,2021,7
        """,
        """
        place: {column: Place}
        year: {column: Year}
        stage: {column: Stage, codes: {Condenados: convicted, Procesados: prosecuted}}
        unit: {column: What, codes: {personas: persons, causas: cases}}
        count: {column: N}
        """,
        """
        MX-JAL 2021 convicted persons 5
        MX-JAL 2021 prosecuted persons 9
        MX-JAL 2021 prosecuted cases 7
        """,
    ),
    "wide, stages as columns": Example(
        """
        Entidad,Víctimas,Condenados
        Jalisco,40,3
        Oaxaca,,1
        """,
        """
        place: {column: Entidad}
        year: {value: 2022}
        wide:
          Víctimas: {stage: detected, unit: victims}
          Condenados: {stage: convicted, unit: persons}
        """,
        """
        MX-JAL 2022 detected victims 40
        MX-JAL 2022 convicted persons 3
        MX-OAX 2022 detected victims not_reported
        MX-OAX 2022 convicted persons 1
        """,
    ),
    "wide, years as columns": Example(
        """
        Entidad,2019,2020,Total
        Jalisco,4,3,7
        Oaxaca,..,1,1
        """,
        """
        place: {column: Entidad}
        year: {columns: [2019, 2020]}
        stage: {value: convicted}
        unit: {value: persons}
        tokens: {"..": not_reported}
        """,
        """
        MX-JAL 2019 convicted persons 4
        MX-JAL 2020 convicted persons 3
        MX-OAX 2019 convicted persons not_reported
        MX-OAX 2020 convicted persons 1
        """,
    ),
    "wide, a stage in each row and years as columns": Example(
        """
        Entidad,Etapa,2019,2020
        Jalisco,P,40,30
        Jalisco,C,4,3
        """,
        """
        place: {column: Entidad}
        stage: {column: Etapa, codes: {P: prosecuted, C: convicted}}
        unit: {value: persons}
        wide:
          "2019": {year: 2019}
          "2020": {year: 2020}
        """,
        """
        MX-JAL 2019 prosecuted persons 40
        MX-JAL 2020 prosecuted persons 30
        MX-JAL 2019 convicted persons 4
        MX-JAL 2020 convicted persons 3
        """,
    ),
    "both: stages and years in the names of columns": Example(
        """
        Entidad,Víctimas 2019,Víctimas 2020,Condenadas 2020
        Jalisco,4,3,1
        """,
        """
        place: {column: Entidad}
        wide:
          Víctimas 2019: {stage: detected, unit: victims, year: 2019}
          Víctimas 2020: {stage: detected, unit: victims, year: 2020}
          Condenadas 2020: {stage: convicted, unit: persons, year: 2020, sex: female}
        """,
        """
        MX-JAL 2019 detected victims 4
        MX-JAL 2020 detected victims 3
        MX-JAL 2020 convicted persons female 1
        """,
    ),
    "tokens, as declared": Example(
        """
        Place,Year,N
        Jalisco,2016,<5
        Jalisco,2017,1-4
        Jalisco,2018,*
        Jalisco,2019,..
        Jalisco,2020,n/a
        Jalisco,2021,-
        Jalisco,2022,
        """,
        """
        place: {column: Place}
        year: {column: Year}
        count: {column: N, stage: convicted, unit: persons}
        tokens:
          "<5": [0, 4]
          "1-4": [1, 4]
          "*": suppressed
          "..": not_reported
          n/a: not_reported
          "-": 0
        """,
        """
        MX-JAL 2016 convicted persons 0..4
        MX-JAL 2017 convicted persons 1..4
        MX-JAL 2018 convicted persons suppressed
        MX-JAL 2019 convicted persons not_reported
        MX-JAL 2020 convicted persons not_reported
        MX-JAL 2021 convicted persons 0
        MX-JAL 2022 convicted persons not_reported
        """,
    ),
    "an empty cell means what the map says": Example(
        """
        Place,Year,N
        Jalisco,2020,
        """,
        """
        place: {column: Place}
        year: {column: Year}
        count: {column: N, stage: convicted, unit: persons}
        tokens: {"": 0}
        """,
        "MX-JAL 2020 convicted persons 0",
    ),
    "fiscal years that end in June": Example(
        """
        Place,When,N
        Jalisco,2018/19,1
        Jalisco,2019-20,2
        Jalisco,FY2021,3
        Oaxaca,2019-06-30,4
        Oaxaca,2019-07-01,5
        Oaxaca,15/08/2020,6
        """,
        """
        place: {column: Place}
        year: {column: When, fiscal_year_ends: 6}
        count: {column: N, stage: convicted, unit: persons}
        """,
        """
        MX-JAL 2019 convicted persons 1
        MX-JAL 2020 convicted persons 2
        MX-JAL 2021 convicted persons 3
        MX-OAX 2019 convicted persons 4
        MX-OAX 2020 convicted persons 5
        MX-OAX 2021 convicted persons 6
        """,
    ),
    "fiscal years named by the year in which they start": Example(
        """
        Place,When,N
        Jalisco,2018/19,1
        Jalisco,31.03.2020,2
        """,
        """
        place: {column: Place}
        year: {column: When, fiscal_year_ends: 3, fiscal_year_named_by: start}
        count: {column: N, stage: convicted, unit: persons}
        """,
        """
        MX-JAL 2018 convicted persons 1
        MX-JAL 2019 convicted persons 2
        """,
    ),
    "dates give calendar years": Example(
        """
        Place,When,N
        Jalisco,2018-12-31,1
        Jalisco,2019-05,2
        Jalisco,1/2/2020,3
        """,
        """
        place: {column: Place}
        year: {column: When}
        count: {column: N, stage: convicted, unit: persons}
        """,
        """
        MX-JAL 2018 convicted persons 1
        MX-JAL 2019 convicted persons 2
        MX-JAL 2020 convicted persons 3
        """,
    ),
    "merged cells, which say their word in the first row alone": Example(
        """
        Entidad,Año,Etapa,N
        Jalisco,2020,convicted,1
        ,,prosecuted,5
        ,2021,convicted,2
        ,,,
        Total,2020,convicted,9
        ,,prosecuted,9
        Oaxaca,2021,convicted,3
        """,
        """
        place: {column: Entidad, fill_down: true}
        year: {column: Año, fill_down: true}
        stage: {column: Etapa}
        count: {column: N, unit: persons}
        drop: {Entidad: [Total]}
        """,
        """
        MX-JAL 2020 convicted persons 1
        MX-JAL 2020 prosecuted persons 5
        MX-JAL 2021 convicted persons 2
        MX-OAX 2021 convicted persons 3
        """,
    ),
    "names of countries in Spanish, German and Arabic": Example(
        """
        Land,N
        Alemania,1
        Spanien,2
        المكسيك,3
        """,
        """
        place: {column: Land}
        year: {value: 2020}
        count: {column: N, stage: convicted, unit: persons}
        """,
        """
        DEU 2020 convicted persons 1
        ESP 2020 convicted persons 2
        MEX 2020 convicted persons 3
        """,
    ),
    "ISO numbers without their noughts, and a place of two meanings": Example(
        """
        Code,N
        276,1
        484,2
        """,
        """
        place: {column: Code, by: numeric}
        year: {value: 2020}
        count: {column: N, stage: convicted, unit: persons}
        """,
        """
        DEU 2020 convicted persons 1
        MEX 2020 convicted persons 2
        """,
    ),
    "a name of two places, of which one level is meant": Example(
        "State,N\nGeorgia,1\nTexas,2",
        """
        place: {column: State, level: us_state}
        year: {value: 2020}
        count: {column: N, stage: convicted, unit: persons}
        """,
        """
        US-GA 2020 convicted persons 1
        US-TX 2020 convicted persons 2
        """,
    ),
    "codes of the office, and rows that are sums and notes": Example(
        """
        Clave,N
        01,1
        14,2
        99,3
        Source: the office,
        """,
        """
        place: {column: Clave, by: code, codes: {"01": MX-AGU, "14": MX-JAL}}
        year: {value: 2020}
        count: {column: N, stage: convicted, unit: persons}
        drop: {Clave: ["99", "Source: the office"]}
        """,
        """
        MX-AGU 2020 convicted persons 1
        MX-JAL 2020 convicted persons 2
        """,
    ),
    "breakdowns, a status and a note": Example(
        """
        Place,Sexo,Edad,Forma,Estado,N
        Jalisco,Mujeres,Adultos,Laboral,,7
        Jalisco,Hombres,Adultos,Laboral,conf.,
        """,
        """
        place: {column: Place}
        year: {value: 2020}
        count: {column: N, stage: detected, unit: victims}
        sex: {column: Sexo, codes: {Mujeres: female, Hombres: male}}
        age: {column: Edad, codes: {Adultos: adult}}
        dimension: {value: exploitation}
        category: {column: Forma, codes: {Laboral: forced labour}}
        status: {column: Estado, codes: {conf.: suppressed}}
        """,
        """
        MX-JAL 2020 detected victims female adult exploitation forced labour 7
        MX-JAL 2020 detected victims male adult exploitation forced labour suppressed
        """,
    ),
    "people": Example(
        """
        Entidad,Año,Personas
        Jalisco,2020,8 348 151
        Oaxaca,2020,..
        """,
        """
        place: {column: Entidad}
        year: {column: Año}
        value: {column: Personas}
        thousands: " "
        tokens: {"..": not_reported}
        """,
        """
        MX-JAL 2020 8348151
        MX-OAX 2020 not_reported
        """,
        "population",
    ),
    "people in thousands": Example(
        'Entidad,Miles\nJalisco,"8.348,2"',
        """
        place: {column: Entidad}
        year: {value: 2020}
        value: {column: Miles, times: 1000}
        thousands: "."
        """,
        "MX-JAL 2020 8348200",
        "population",
    ),
    "people in thousands, years as columns": Example(
        "Entidad,2020,2021\nJalisco,8348.2,8400.5\n",
        """
        place: {column: Entidad}
        year: {columns: [2020, 2021]}
        value: {times: 1000}
        """,
        """
        MX-JAL 2020 8348200
        MX-JAL 2021 8400500
        """,
        "population",
    ),
    "scores with and without limits": Example(
        """
        Land,Punkte,von,bis
        Germany,"1,25","1,1","1,4"
        Spain,"-0,5",,
        Mexico,,"0,1",
        Georgia,k.A.,,
        """,
        """
        place: {column: Land, level: country}
        year: {value: 2020}
        indicator: {value: law}
        value: {column: Punkte, low: von, high: bis}
        decimal: ","
        tokens: {k.A.: not_reported}
        """,
        """
        DEU 2020 law 1.25 1.1..1.4
        ESP 2020 law -0.5
        MEX 2020 law 0.1..
        GEO 2020 law not_reported
        """,
        "indicators",
    ),
}


def dedented(text: str) -> str:
    lines = [
        line[8:] if line.startswith(" " * 8) else line for line in text.strip("\n").split("\n")
    ]
    return "\n".join(lines).rstrip() + "\n"


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_table_says_in_the_atlas_what_it_says_in_the_file(
    example: Example, tmp_path: Path
) -> None:
    config = write_mapped(tmp_path / "w", dedented(example.file), example.map_, example.kind)
    assert problems_of(config) == []
    expected = [line.strip() for line in example.rows.strip().splitlines()]
    assert rows_of_atlas(config, example.kind) == expected


def test_a_mapped_table_is_a_source_of_the_atlas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    example = EXAMPLES["wide, a stage in each row and years as columns"]
    config = write_mapped(tmp_path / "w", dedented(example.file), example.map_)
    with open_atlas(config) as atlas:
        frame = atlas.measure("convicted_per_prosecuted", source="table", window=1).data
        told = atlas.source("table")
    by_year = frame[frame["jurisdiction_id"] == "MX-JAL"].set_index("year_to")["value"]
    assert by_year.to_dict() == {2019: 0.1, 2020: 0.1}
    assert told.citation == "Office of Examples, Made-up counts, 2024."


def test_a_sheet_is_opened_and_mapped_and_problems_name_its_rows(tmp_path: Path) -> None:
    example = EXAMPLES["wide, stages as columns"]
    config = write_mapped(tmp_path / "w", "", example.map_)
    book = Workbook()
    sheet = book.active
    sheet.title = "Tabla 3"
    for row in (["Delitos por entidad"], [], ["Entidad", "Víctimas", "Condenados"]):
        sheet.append(row)
    sheet.append(["Jalisco", 40, 3])
    sheet.append(["Oaxaca", None, 1])
    book.create_sheet("Notas").append(["nada"])
    book.save(tmp_path / "w" / "provinces.xlsx")
    text = config.read_text(encoding="utf-8").replace("provinces.csv", "provinces.xlsx")
    reading = "    read: {sheet: Tabla 3, header_row: 3}\n"
    config.write_text(text.replace("    map:\n", f"{reading}    map:\n", 1), encoding="utf-8")
    assert rows_of_atlas(config) == [line.strip() for line in example.rows.strip().splitlines()]
    sheet.append(["Jalisko", 2, 2.5])
    book.save(tmp_path / "w" / "provinces.xlsx")
    found = [(p.where, p.row, p.column, p.found) for p in problems_of(config)]
    assert found == [
        ("provinces.xlsx, sheet Tabla 3", 6, "Entidad", "'Jalisko'"),
        ("provinces.xlsx, sheet Tabla 3", 6, "Condenados", "'2.5'"),
    ]


def test_a_folder_of_parquet_files_is_one_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    map_ = """
    place: {column: place, by: id}
    year: {column: year}
    count: {column: n, stage: convicted, unit: persons}
    """
    config = write_mapped(tmp_path / "w", "", map_)
    text = config.read_text(encoding="utf-8").replace("provinces.csv", "provinces")
    reading = "    read: {format: parquet}\n"
    config.write_text(text.replace("    map:\n", f"{reading}    map:\n", 1), encoding="utf-8")
    write_year(tmp_path / "w" / "provinces", 2020, 5)
    write_year(tmp_path / "w" / "provinces", 2021, 6)
    assert rows_of_atlas(config) == [
        "MX-JAL 2020 convicted persons 5",
        "MX-JAL 2021 convicted persons 6",
    ]
    before = build(config)
    assert build(config).reused
    write_year(tmp_path / "w" / "provinces", 2021, 7)
    assert build(config).id != before.id


def write_year(folder: Path, year: int, count: int) -> None:
    part = folder / f"year={year}"
    part.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"place": ["MX-JAL"], "n": [count]}), part / "part.parquet")
