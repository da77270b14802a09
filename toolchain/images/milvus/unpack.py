"""Unpacks the server inside the `milvus` wheel: program, libraries and a configuration with the wheel's defaults."""

import lzma
import re
import shutil
import sys
from pathlib import Path

import milvus

FOLDERS = {
    "etcd_data_dir": "/var/lib/milvus/etcd",
    "local_storage_dir": "/var/lib/milvus/data",
    "rocksmq_data_dir": "/var/lib/milvus/rdb_data",
    "system_log_path": '""',
}

source = Path(milvus.__file__).parent / "data"
target = Path(sys.argv[1])
for folder in ("bin", "lib", "configs"):
    (target / folder).mkdir(parents=True)

for packed in (source / "bin").glob("*.lzma"):
    name = packed.stem
    file = target / ("bin" if name == "milvus" else "lib") / name
    with lzma.open(packed) as stream, file.open("wb") as out:
        shutil.copyfileobj(stream, out)
    file.chmod(0o755)

# The C library's resolver must be the image's own, not the wheel's.
(target / "lib" / "libresolv.so.2").unlink()


def value(match: re.Match[str]) -> str:
    name, _, default = match.group(1).partition(":")
    name = re.sub(r"\(.*\)", "", name).strip()
    return FOLDERS.get(name, default.strip())


template = (source / "config.yaml.template").read_text(encoding="utf-8")
(target / "configs" / "milvus.yaml").write_text(re.sub(r"\{\{(.*?)\}\}", value, template), encoding="utf-8")
glog = (source / "glog.conf").read_text(encoding="utf-8")
(target / "configs" / "glog.conf").write_text(glog.replace("--logtostdout=false", "--logtostdout=true"), encoding="utf-8")
