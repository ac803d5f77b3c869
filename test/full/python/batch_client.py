"""The SDK's newer generation, `BatchClient`: another protocol version, another way to sign, the same service."""

import os

from azure.batch import BatchClient, models
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import ResourceNotFoundError

from waiting import report, wait_until

POOL = "next-pool"
JOB = "next-job"


def create_client():
    credential = AzureNamedKeyCredential(os.environ["BATCH_ACCOUNT"], os.environ["BATCH_KEY"])
    return BatchClient(os.environ["BATCH_URL"], credential)


def add_pool(client):
    image = models.BatchVmImageReference(
        publisher="canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts"
    )
    client.create_pool(
        models.BatchPoolCreateOptions(
            id=POOL,
            vm_size="STANDARD_A1_v2",
            target_dedicated_nodes=1,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=image, node_agent_sku_id="batch.node.ubuntu 22.04"
            ),
        )
    )


def add_tasks(client):
    pool = models.BatchPoolInfo(pool_id=POOL)
    client.create_job(models.BatchJobCreateOptions(id=JOB, pool_info=pool))
    commands = {"hello": "/bin/echo hello", "exit3": "/bin/sh -c 'exit 3'"}
    client.create_tasks(
        JOB,
        [
            models.BatchTaskCreateOptions(id=name, command_line=command)
            for name, command in commands.items()
        ],
    )


def find_missing(client):
    try:
        client.get_job("nowhere")
    except ResourceNotFoundError as failure:
        return [failure.status_code, failure.error.code]
    raise AssertionError("no error")


def main():
    client = create_client()
    add_pool(client)
    add_tasks(client)
    wait_until(
        lambda: all(task.state == "completed" for task in client.list_tasks(JOB)), "the tasks"
    )
    counts = client.get_job_task_counts(JOB).task_counts
    document = {
        "exitCodes": {task.id: task.execution_info.exit_code for task in client.list_tasks(JOB)},
        "counts": [counts.succeeded, counts.failed],
        "pages": [len(list(page)) for page in client.list_tasks(JOB, max_results=1).by_page()],
        "stdout": b"".join(client.download_task_file(JOB, "hello", "stdout.txt")).decode(),
        "exists": client.pool_exists(POOL),
        "missing": find_missing(client),
    }
    client.begin_delete_job(JOB, polling_interval=0).result()
    client.begin_delete_pool(POOL, polling_interval=0).result()
    left = [*client.list_jobs(), *client.list_pools()]
    report({**document, "left": [item.id for item in left]})


if __name__ == "__main__":
    main()
