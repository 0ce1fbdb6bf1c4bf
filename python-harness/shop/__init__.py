"""A shop's own package, whose classes land in its sessions and are known nowhere else."""
