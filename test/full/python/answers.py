"""Errors, pages and conditional requests, as the SDK hands them to its callers."""

from azure.batch import models

from emulator import create_client, describe_error
from waiting import report

POOL = "answers-pool"
JOB = "answers-job"
COUNT = 205


def add_pool(client, **more):
    client.pool.add(
        models.PoolAddParameter(
            id=POOL,
            vm_size="STANDARD_A1_v2",
            target_dedicated_nodes=0,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=models.ImageReference(
                    publisher="canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts"
                ),
                node_agent_sku_id="batch.node.ubuntu 22.04",
            ),
            **more,
        )
    )


def add_job(client):
    client.job.add(models.JobAddParameter(id=JOB, pool_info=models.PoolInformation(pool_id=POOL)))


def describe_errors(client):
    unchanged = models.PoolGetOptions(if_none_match=client.pool.get(POOL).e_tag)
    changed = models.PoolDeleteOptions(if_match="0x8D0000000000000")
    stranger = create_client(key="AAAA")
    return {
        "pool exists": describe_error(lambda: add_pool(client)),
        "job exists": describe_error(lambda: add_job(client)),
        "no such pool": describe_error(lambda: client.pool.get("nowhere")),
        "no such task": describe_error(lambda: client.task.get(JOB, "nothing")),
        "bad value": describe_error(lambda: client.pool.resize(POOL, {"targetDedicatedNodes": -1})),
        "bad filter": describe_error(
            lambda: list(client.job.list(models.JobListOptions(filter="state eq")))
        ),
        "wrong key": describe_error(lambda: list(stranger.pool.list())),
        "not modified": describe_error(lambda: client.pool.get(POOL, unchanged))[0],
        "stale condition": describe_error(lambda: client.pool.delete(POOL, changed)),
    }


def describe_pages(client):
    tasks = [
        models.TaskAddParameter(id=f"task{index:03}", command_line="/bin/true")
        for index in range(COUNT)
    ]
    added = client.task.add_collection(JOB, tasks, threads=2)
    options = models.TaskListOptions(max_results=50, select="id,state", filter="state eq 'active'")
    pager = client.task.list(JOB, options)
    first = list(pager.advance_page())
    ids = [task.id for task in client.task.list(JOB, options)]
    again = client.task.add_collection(JOB, tasks[:1]).value[0]
    return {
        "added": sorted({item.status for item in added.value}),
        "results": len(added.value),
        "first": len(first),
        "selected": [first[0].state, first[0].command_line],
        "listed": len(ids),
        "different": len(set(ids)),
        "again": [again.status, again.error.code],
    }


def main():
    client = create_client()
    add_pool(client, metadata=[models.MetadataItem(name="owner", value="Zoë")])
    add_job(client)
    client.job.disable(JOB, models.DisableJobOption.requeue)
    report(
        {
            "errors": describe_errors(client),
            "pages": describe_pages(client),
            "metadata": [[item.name, item.value] for item in client.pool.get(POOL).metadata],
            "exists": [client.pool.exists(POOL), client.pool.exists("nowhere")],
        }
    )


main()
