=== setup.py
from setuptools import setup
X = ["c==1"]
setup(name="a", license='MIT', install_requires=["b>=1", '''d'''] + X, extras_require={"t": ["e"]}, tests_require=["f"], package_dir={"": "src"})
