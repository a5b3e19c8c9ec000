"""Keep the old configuration out of `make test`: it imports JupyterHub, which is among the tools."""

collect_ignore = ["jupyterhub_config.py"]
