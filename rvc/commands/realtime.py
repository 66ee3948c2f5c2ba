"""The command that converts while somebody speaks."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.config import LiveConfig
from rvc.events import Done, Reporter
from rvc.names import shown


def _realtime_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write what is played to a file too")
    parser.add_argument("--list-devices", action="store_true", help="show the sound devices of this computer")
    parser.add_argument(
        "--measure-latency",
        action="store_true",
        help="send a click round through the devices and the voice, and say how long it takes",
    )
    parser.add_argument("--input-file", type=Path, metavar="FILE", help="hear this in place of a device")
    parser.add_argument("--output-file", type=Path, metavar="FILE", help="and write what would be played")
    parser.add_argument(
        "--compare",
        action="store_true",
        help="with files: say how near the content features are to those of the whole recording",
    )
    parser.add_argument(
        "--control", action="store_true", help="read requests, one JSON object a line, from standard input"
    )
    options.add(parser, LiveConfig)


def _realtime(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    config = options.read(arguments, LiveConfig)
    if arguments.list_devices:
        return _list(reporter, as_json=arguments.json)
    if arguments.model is None:
        raise options.UsageError("bad_option", "Name the model to speak with.")
    if (arguments.input_file is None) != (arguments.output_file is None):
        raise options.UsageError("bad_option", "--input-file and --output-file belong together.")
    if arguments.input_file is not None:
        return _simulate(arguments, config, reporter)
    return _speak(arguments, config, reporter)


def _list(reporter: Reporter, *, as_json: bool) -> Done:
    from rvc.commands.output import show
    from rvc.live import devices

    found = devices.listed()
    if not found:
        reporter.log("no_devices", "This computer has no sound devices.")
    if as_json:
        return Done(summary={"devices": [asdict(device) for device in found]})
    rows = [
        (
            one.name,
            one.system,
            ", ".join(one.default),
            *map(str, (one.number, one.inputs, one.outputs, one.rate)),
        )
        for one in found
    ]
    show(rows, heading=("name", "system", "default", "number", "inputs", "outputs", "Hz"), numbers=4)
    return Done()


def _simulate(arguments: argparse.Namespace, config: LiveConfig, reporter: Reporter) -> Done:
    from rvc.live.networks import Networks
    from rvc.live.simulation import simulate
    from rvc.sound import encoding

    encoding.check_format(arguments.output_file)
    networks = Networks.load(arguments.model, config, reporter, arguments.index)
    networks.stay_on_one_core()
    found = simulate(networks, arguments.input_file, arguments.output_file, config, reporter)
    summary = asdict(found)
    if arguments.compare:
        from rvc.live.likeness import content_similarity

        summary["content_similarity"] = round(content_similarity(networks, arguments.input_file, config), 5)
    return Done(artifacts={"converted": shown(arguments.output_file)}, summary=summary)


def _speak(arguments: argparse.Namespace, config: LiveConfig, reporter: Reporter) -> Done:
    from rvc.live import devices
    from rvc.live.control import Requests
    from rvc.live.networks import Networks
    from rvc.live.priority import hurry
    from rvc.live.session import Session
    from rvc.voices.voice import locate

    locate(arguments.model)  # what is named comes before what this computer has
    devices.find(config.input_device, "input")  # before time is spent on loading
    devices.find(config.output_device, "output")
    networks = Networks.load(arguments.model, config, reporter, arguments.index)
    networks.stay_on_one_core()
    if networks.is_small:
        hurry()
    requests = Requests(reporter)
    session = Session(networks, config, reporter, requests)
    if arguments.control:
        requests.listen(sys.stdin)
    if arguments.record is not None:
        session.record_to(arguments.record)
    if arguments.measure_latency:
        session.measure()
    totals = session.run()
    files = {f"recorded {number}": shown(path) for number, path in enumerate(totals.recorded, 1)}
    return Done(artifacts=files, summary=totals.summary)


REALTIME = Command(
    "realtime",
    "speak in a trained voice while you talk",
    """
    Listens to one sound device and speaks to another until Ctrl-C. Use headphones, or it hears itself. To speak in
    another program, let it listen to a virtual cable that this command speaks to (docs/live.md).

    With --control, standard input takes lines such as {"set": {"pitch_shift": 5}}, {"set": {"bypass": true}},
    {"talk": true}, {"record": "take.flac"}, {"measure_latency": true} and {"stop": true}; its end stops it as well.

    Examples: rvc realtime anna --output-device "CABLE Input"
              rvc realtime anna --measure-latency --input-device 2 --output-device 5
              rvc realtime anna --input-file talk.wav --output-file said.wav --block-ms 250
    """,
    _realtime_arguments,
    _realtime,
)
