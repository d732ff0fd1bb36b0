"""Everything of the page put together, and written as one file."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

from ..comparison_text import ComparisonText
from ..write_texts import write_texts
from .chart import Chart
from .comparison import comparison_charts, comparison_table, same_images
from .curves import (
    heat_map_chart,
    reliability_charts,
    retention_chart,
    risk_coverage_chart,
)
from .embed import safe_json, script_hash
from .gallery import make_gallery
from .plane import make_plane
from .provenance import notes, settings
from .run import ReportRun
from .tables import class_table, headline, score_table

_FOLDER = Path(__file__).parent
_PACKAGES = ('uar_mmpretrain', 'torch', 'numpy', 'mmengine', 'mmpretrain',
             'plotly')


def write_report(runs: Sequence[ReportRun],
                 out_file: str | Path,
                 images: str | Path | None = None,
                 command: str = '',
                 methods: ComparisonText | None = None) -> Path:
    """Write one self-contained page about one or several tests.

    Args:
        runs (Sequence[ReportRun]): One test, or several to compare.
        out_file (str | Path): File to write, beside and then renamed.
        images (str | Path | None): Folder the image ids are relative to, if
            faces may be shown.
        command (str): How the page was made, shown on it.
        methods (ComparisonText | None): Table of the methods tested, shown
            instead of their headline numbers side by side.

    Returns:
        Path: The file.

    Raises:
        ImportError: If jinja2 or plotly is not installed.
        FileNotFoundError: If an image of the gallery is not there.
        ValueError: If there are no runs, or an image cannot be shown.
    """
    text = render_report(runs, images, command, methods)
    out_file = Path(out_file)
    return write_texts({out_file.name: text}, out_file.parent)[0]


def render_report(runs: Sequence[ReportRun],
                  images: str | Path | None = None,
                  command: str = '',
                  methods: ComparisonText | None = None) -> str:
    """Return the page of :func:`write_report` as text."""
    if not runs:
        raise ValueError('a report needs at least one tested model.')
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        raise ImportError(
            f'the HTML report needs {error.name}; install the extra: pip '
            "install 'uar_mmpretrain[report]'.") from error
    context, data = page_data(runs, images, methods)
    scripts = [get_plotlyjs(), _read('static/report.js')]
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / 'templates'), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template('report.html.j2').render(
        **context, command=command, versions=_versions(),
        date=datetime.now(timezone.utc).strftime('%Y-%m-%d %H:%M UTC'),
        # The page runs these two scripts and no other, whatever it shows.
        allowed=Markup(' '.join(map(script_hash, scripts))),
        scripts=[Markup(script) for script in scripts],
        style=Markup(_read('static/report.css')),
        data=Markup(safe_json(data)))


def page_data(
    runs: Sequence[ReportRun],
    images: str | Path | None = None,
    methods: ComparisonText | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Collect what the page shows.

    Args:
        runs (Sequence[ReportRun]): One or several tests.
        images (str | Path | None): As in :func:`write_report`.
        methods (ComparisonText | None): As in :func:`write_report`.

    Returns:
        tuple[dict, dict]: What the template writes, and what the script of
        the page draws: 'charts' and 'planes' by id.
    """
    data: dict[str, Any] = dict(charts={}, planes={})
    sections = [_section(str(i), run, images, data)
                for i, run in enumerate(runs)]
    comparison = None
    if len(runs) > 1 or methods:
        comparison = dict(
            methods=methods, rows=[] if methods else comparison_table(runs),
            same_images=same_images(runs),
            charts=_register(comparison_charts(runs), 'all', data))
    return dict(runs=sections, comparison=comparison,
                with_images=images is not None), data


def _section(number: str, run: ReportRun, images: str | Path | None,
             data: dict[str, Any]) -> dict[str, Any]:
    plane, origin = make_plane(run)
    charts = dict(retention=retention_chart(run), shift=heat_map_chart(run),
                  risk=risk_coverage_chart(run), **reliability_charts(run))
    if plane is not None:
        charts['plane'] = plane.chart()
        data['planes'][number] = plane.data()
    return dict(
        id=number, run=run, cards=headline(run), plane=plane, origin=origin,
        charts=_register(charts, number, data), scores=score_table(run),
        classes=class_table(run), settings=settings(run),
        notes=notes(run, plane, origin),
        gallery=make_gallery(plane, images) if plane and images else None)


def _register(charts: dict[str, Any], number: str,
              data: dict[str, Any]) -> dict[str, tuple[str, Chart]]:
    """Give each chart an id, and its traces to the script."""
    out = {}
    for name, chart in charts.items():
        if chart is not None:
            out[name] = (f'{number}-{name}', chart)
            data['charts'][f'{number}-{name}'] = chart.data()
    return out


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding='utf-8')


def _versions() -> str:
    found = [f'Python {platform.python_version()}']
    for name in _PACKAGES:
        try:
            found.append(f'{name} {metadata.version(name)}')
        except metadata.PackageNotFoundError:
            continue
    return ', '.join(found)
