"""The live page: drop a face, corrupt it, watch the decision."""

from __future__ import annotations

from typing import Any, Optional

import gradio as gr
import numpy as np
from matplotlib.figure import Figure

from ...corruptions import names
from ..decision_picture import headline, plot_decision
from .explorer import Explorer
from .place import plot_place

_TITLE = 'Accept, report or reject?'
_HINT = ('Drop or capture a picture of one face, then corrupt it: a face '
         'hard to read is *reported* with what people would say, a picture '
         'unlike the training images is *rejected*. Grey: clean faces of '
         'the test. The line: this picture, corrupted more and more.')
_Shown = tuple[str, str, Optional[Figure], Optional[Figure]]


def build_page(explorer: Explorer,
               background: np.ndarray | None = None) -> gr.Blocks:
    """Build the page; it sends nothing anywhere.

    Args:
        explorer (Explorer): Decides.
        background (np.ndarray | None): See :func:`plot_place`.

    Returns:
        gr.Blocks: To be launched by :func:`launch_page`.
    """

    def show(picture: str | None, corruption: str,
             severity: float) -> _Shown:
        if picture is None:
            return '', '', None, None
        try:
            found = explorer.explore(picture, corruption, int(severity))
        except ValueError as error:
            return 'no picture', str(error), None, None
        last = found.decisions[-1]
        return (headline(last), last.reason,
                plot_decision(found.pixels, last),
                plot_place(found.decisions, background,
                           explorer.inferencer.router))

    # Pictures of people are kept for an hour at most.
    with gr.Blocks(title=_TITLE, analytics_enabled=False,
                   delete_cache=(60, 3600)) as page:
        gr.Markdown(f'# {_TITLE}\n{_HINT}')
        with gr.Row():
            with gr.Column(scale=2):
                inputs = _inputs()
            with gr.Column(scale=3):
                outputs = [gr.Textbox(label='Decision'),
                           gr.Textbox(label='Reason'),
                           gr.Plot(label='What the network sees, and the '
                                   'members (dots)', format='png',
                                   show_label=False),
                           gr.Plot(label='Uncertainty plane', format='png',
                                   show_label=False)]
        gr.on([one.change for one in inputs], show, inputs, outputs,
              trigger_mode='always_last', show_progress='minimal',
              api_visibility='private')
    return page


def _inputs() -> list[Any]:
    picture = gr.Image(label='Picture', height=320, type='filepath',
                       sources=['upload', 'webcam', 'clipboard'])
    # The file is read by us, whatever it is: gradio would decode it otherwise
    # than the test does, and end in an error that says nothing where it is
    # no image.
    picture.preprocess = _path_of  # type: ignore[method-assign]
    return [
        picture,
        gr.Dropdown(list(names()), value='gaussian_noise',
                    label='Corruption'),
        gr.Slider(0, 5, value=0, step=1, label='Severity (0: none)')
    ]


def _path_of(payload: Any) -> str | None:
    return None if payload is None else payload.path


def launch_page(page: gr.Blocks, host: str = '127.0.0.1',
                port: int | None = None, upload_limit: str = '10mb',
                **options: Any) -> Any:
    """Serve a page on this machine only.

    Args:
        page (gr.Blocks): From :func:`build_page`.
        host (str): Address to listen on; another one opens the page to
            other machines.
        port (int | None): By default the first free one from 7860.
        upload_limit (str): Largest upload.
        **options: As for ``gr.Blocks.launch``.

    Returns:
        Any: What ``launch`` returns.
    """
    # The default fonts would be fetched from elsewhere.
    theme = gr.themes.Default(font=['system-ui', 'sans-serif'],
                              font_mono=['ui-monospace', 'monospace'])
    return page.launch(server_name=host, server_port=port, share=False,
                       max_file_size=upload_limit, ssr_mode=False,
                       footer_links=[], theme=theme, **options)
