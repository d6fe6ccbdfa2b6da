"""Puts the top-level `models/` into the package as `kzalign/models`; everything else is in pyproject.toml."""

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages(include=["kzalign*"]), "kzalign.models"],
    package_dir={"kzalign.models": "models"},
)
