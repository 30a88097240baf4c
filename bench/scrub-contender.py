"""The source's way: a CSV reader that makes a dictionary of each row, and one look-up per row in a dictionary."""

import csv, json, re, resource, sys, time

listed, registry, out, column = sys.argv[1:5]
numbers = {}
with open(registry + ".txt") as lines:
    for line in lines:
        numbers[int(line)] = True
began, cpu = time.perf_counter(), time.process_time()
rows = approved = 0
with open(listed, newline="", encoding="utf-8") as source, open(out, "w", newline="", encoding="utf-8") as target:
    reader = csv.DictReader(source)
    writer = csv.DictWriter(target, fieldnames=reader.fieldnames)
    writer.writeheader()
    for row in reader:
        rows += 1
        if int(re.sub(r"\D", "", row[column])[-10:]) not in numbers:
            writer.writerow(row)
            approved += 1
wall, cpu = time.perf_counter() - began, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "approved": approved, "wallMs": wall * 1000, "cpuMs": cpu * 1000, "peakMb": peak}))
