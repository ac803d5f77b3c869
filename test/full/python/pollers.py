"""The operations that the newer generation follows until they are over: each poller has to see its end."""

import datetime

from azure.batch import models

from batch_client import add_pool, create_client, POOL
from waiting import report, wait_until

JOB = "polled"


def poll_pool(client):
    client.begin_resize_pool(
        POOL, models.BatchPoolResizeOptions(target_dedicated_nodes=2), polling_interval=0
    ).result()
    nodes = [node.id for node in client.list_nodes(POOL)]
    client.begin_remove_nodes(
        POOL, models.BatchNodeRemoveOptions(node_ids=nodes[1:]), polling_interval=0
    ).result()
    pool = client.get_pool(POOL)
    return [len(nodes), pool.current_dedicated_nodes, pool.allocation_state]


def poll_node(client):
    [node] = [node.id for node in client.list_nodes(POOL)]
    wait_until(lambda: client.get_node(POOL, node).state == "idle", "the node")
    states = []
    # Without options this release sends no request at all, but raises an error of its own.
    reboot = {"nodeRebootOption": "requeue"}
    client.begin_reboot_node(POOL, node, reboot, polling_interval=0).result()
    states.append(client.get_node(POOL, node).state)
    wait_until(lambda: client.get_node(POOL, node).state == "idle", "the reboot")
    reimage = {"nodeReimageOption": "requeue"}
    client.begin_reimage_node(POOL, node, reimage, polling_interval=0).result()
    wait_until(lambda: client.get_node(POOL, node).state == "idle", "the reimage")
    deallocate = {"nodeDeallocateOption": "requeue"}
    client.begin_deallocate_node(POOL, node, deallocate, polling_interval=0).result()
    states.append(client.get_node(POOL, node).state)
    client.begin_start_node(POOL, node, polling_interval=0).result()
    wait_until(lambda: client.get_node(POOL, node).state == "idle", "the start")
    return [states[0] != "rebooting", states[1], client.get_node(POOL, node).state]


def poll_job(client):
    pool = models.BatchPoolInfo(pool_id=POOL)
    client.create_job(models.BatchJobCreateOptions(id=JOB, pool_info=pool))
    states = []
    client.begin_disable_job(
        JOB, models.BatchJobDisableOptions(disable_tasks="requeue"), polling_interval=0
    ).result()
    states.append(client.get_job(JOB).state)
    client.begin_enable_job(JOB, polling_interval=0).result()
    states.append(client.get_job(JOB).state)
    client.begin_terminate_job(JOB, {"terminateReason": "enough"}, polling_interval=0).result()
    states.append(client.get_job(JOB).state)
    return states


def poll_schedule(client):
    specification = models.BatchJobSpecification(pool_info=models.BatchPoolInfo(pool_id=POOL))
    schedule = models.BatchJobScheduleConfiguration(
        recurrence_interval=datetime.timedelta(hours=1)
    )
    client.create_job_schedule(
        models.BatchJobScheduleCreateOptions(
            id="hourly", schedule=schedule, job_specification=specification
        )
    )
    jobs = [job.id for job in client.list_jobs_from_schedule("hourly")]
    client.begin_terminate_job_schedule("hourly", polling_interval=0).result()
    state = client.get_job_schedule("hourly").state
    client.begin_delete_job_schedule("hourly", polling_interval=0).result()
    return [jobs, state, [item.id for item in client.list_job_schedules()]]


def main():
    client = create_client()
    add_pool(client)
    report(
        {
            "pool": poll_pool(client),
            "node": poll_node(client),
            "job": poll_job(client),
            "schedule": poll_schedule(client),
        }
    )


main()
