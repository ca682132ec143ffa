"""Which CPU and memory sizes Fargate offers.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

GIB = 1024

FARGATE_MEMORY_MIB: dict[int, tuple[int, ...]] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: tuple(range(1 * GIB, 4 * GIB + 1, GIB)),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
}
"""Memory sizes in MiB, by CPU units."""


def check_fargate_size(cpu: int, memory_mib: int) -> None:
    """Raise ValueError unless Fargate offers `memory_mib` with `cpu` units."""
    sizes = FARGATE_MEMORY_MIB.get(cpu)
    if sizes is None:
        msg = f"allowed for cpu: {', '.join(map(str, FARGATE_MEMORY_MIB))}"
        raise ValueError(msg)
    if memory_mib not in sizes:
        msg = f"allowed with cpu {cpu}: {', '.join(map(str, sizes))}"
        raise ValueError(msg)
