"""Open a page on this machine: drop a face, corrupt it, see the decision."""

from __future__ import annotations

import argparse
import os


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', help='ensemble.pth; router.json, and '
                        'test/predictions.parquet for the faces on the '
                        'plane, are found beside it')
    parser.add_argument('--config', help='config of the training; default: '
                        'the one in the checkpoint, or beside it')
    parser.add_argument('--router', help='default router.json beside the '
                        'checkpoint')
    parser.add_argument('--device', help='default a GPU, if there is one')
    parser.add_argument('--input-size', type=int, help="side of the network's "
                        'images, where the config does not say it')
    parser.add_argument('--host', default='127.0.0.1', help='address to '
                        'listen on; the default is this machine only')
    parser.add_argument('--port', type=int, help='default: the first free '
                        'one from 7860')
    return parser.parse_args()


def main() -> None:
    """Entry point."""
    args = parse_args()
    # Before gradio is imported: it reports its use otherwise.
    os.environ['GRADIO_ANALYTICS_ENABLED'] = 'False'
    from uar_mmpretrain.apis import RoutingInferencer
    from uar_mmpretrain.visualization.demo_page import (
        Explorer,
        build_page,
        launch_page,
        read_background,
    )
    inferencer = RoutingInferencer(args.checkpoint, args.config, args.device,
                                   args.router, input_size=args.input_size)
    background = read_background(args.checkpoint, inferencer.router)
    launch_page(build_page(Explorer(inferencer), background), args.host,
                args.port)


if __name__ == '__main__':
    main()
