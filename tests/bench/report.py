# SPDX-License-Identifier: GPL-3.0-or-later
"""From samples to a table and JSON: medians, ratios to the peers, goals."""

import statistics

from measures import MEASURES

OURS = "lodge"
FLOORS = ("floor", "null")
QUIET_LEAST = 3


def summarize(samples, limit):
    """measure -> client -> figures. Takes quiet samples alone where there are enough."""
    found = {}
    for sample in samples:
        if "values" in sample:
            found.setdefault(sample["measure"], {}).setdefault(sample["client"], []).append(sample)
    return {name: {client: figures(found[name][client], limit) for client in found[name]}
            for name in MEASURES if name in found}


def figures(samples, limit):
    """Median and spread of what was sampled."""
    quiet = [sample for sample in samples if sample["noise"] < limit]
    used = quiet if len(quiet) >= min(QUIET_LEAST, len(samples)) else samples
    values = sorted(value for sample in used for value in sample["values"])
    if not values:
        return {"median": None, "samples": len(samples), "quiet": len(quiet), "noisy": True}
    quarters = statistics.quantiles(values, n=4, method="inclusive") if values[1:] else values * 3
    return {
        "median": round(statistics.median(values), 3),
        "low": round(quarters[0], 3), "high": round(quarters[2], 3),
        "min": round(values[0], 3), "max": round(values[-1], 3),
        "values": len(values), "samples": len(samples), "quiet": len(quiet),
        "noisy": used is not quiet,
    }


def ratio(row, client):
    """Ours divided by theirs, or None."""
    ours, theirs = row.get(OURS, {}).get("median"), row.get(client, {}).get("median")
    return ours / theirs if ours is not None and theirs else None


def verdict(name, row):
    """Whether Lodge reached the goal: text."""
    measure, ours = MEASURES[name], row.get(OURS, {}).get("median")
    if ours is None or measure.goal is None:
        return ""
    if ours > measure.goal + allowance(name, row):
        return f"missed by {number(ours - measure.goal)}"
    peers = [row[client]["median"] for client in row
             if client not in (OURS, *FLOORS) and row[client]["median"] is not None]
    if measure.best and peers and ours >= min(peers):
        return "a peer is better"
    return "reached"


def allowance(name, row):
    """What does not count against a goal of nought: frames that QEMU itself does not send."""
    if name.endswith("-lost"):
        return max(0.5, row.get("null", {}).get("median") or 0)
    return 0.05 if MEASURES[name].goal == 0 else 0


def number(value):
    """Three figures or so."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 \
        else f"{value:.2f}"


def cell(row, client):
    """Median, and in brackets ours as a share of it."""
    if client not in row:
        return ""
    text = number(row[client]["median"]) + ("*" if row[client]["noisy"] else "")
    share = ratio(row, client)
    return text + (f" ({share:.2f})" if share is not None and client != OURS else "")


def table(summary, names):
    """The summary in Markdown, one line a measure."""
    names = [name for name in names if any(name in row for row in summary.values())]
    lines = [["", *names, "goal", ""]]
    for name, row in summary.items():
        measure = MEASURES[name]
        goal = "" if measure.goal is None else f"{measure.goal:g}"
        lines.append([f"{measure.title}, {measure.unit}", *(cell(row, client) for client in names),
                      goal, verdict(name, row)])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(
        text.ljust(width) if i in (0, len(line) - 1) else text.rjust(width)
        for i, (text, width) in enumerate(zip(line, widths))) + " |" for line in lines)
