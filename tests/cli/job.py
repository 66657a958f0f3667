"""job.py MANIFEST FOLDER - for t-contrib: tests what a Kubernetes Job refers to, and prints the
command of its container, with the mounted paths below FOLDER, as a shell takes it.
"""
import shlex
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as f:
    documents = {d["kind"]: d for d in yaml.safe_load_all(f)}
job = documents["Job"]["spec"]
pod = job["template"]["spec"]
container = pod["containers"][0]
volumes = {v["name"]: v for v in pod["volumes"]}

assert documents["Job"]["apiVersion"] == "batch/v1"
assert job["completionMode"] == "Indexed"
assert pod["restartPolicy"] in ("OnFailure", "Never")
assert len(pod["containers"]) == 1
assert {m["name"] for m in container["volumeMounts"]} == set(volumes)
assert volumes["journals"]["persistentVolumeClaim"]["claimName"] == \
    documents["PersistentVolumeClaim"]["metadata"]["name"]
assert "configMap" in volumes["list"] and "secret" in volumes["credentials"]
words = container["command"] + container["args"]
assert f"--shard kubernetes/{job['completions']} " in words[-1]
for mount in container["volumeMounts"]:
    assert mount["name"] == "credentials" or f" {mount['mountPath']}/" in words[-1]
    words[-1] = words[-1].replace(f" {mount['mountPath']}/", f" {sys.argv[2]}{mount['mountPath']}/")
print(shlex.join(words))
