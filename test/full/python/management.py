"""What programs do besides running tasks: schedules, preparation and release, autoscale, nodes, pages and conditions."""

import datetime

from azure.batch import models

from emulator import create_client, describe_error
from images import add_ubuntu_pool
from waiting import report, wait_until

POOL = "managed"


def add_pool(client):
    add_ubuntu_pool(client, POOL)
    wait_until(lambda: [node.state for node in client.compute_node.list(POOL)] == ["idle"], "a node")


def run_schedule(client):
    manager = models.JobManagerTask(id="manager", command_line="/bin/true")
    job = models.JobSpecification(
        pool_info=models.PoolInformation(pool_id=POOL), job_manager_task=manager
    )
    schedule = models.Schedule(recurrence_interval=datetime.timedelta(days=1))
    client.job_schedule.add(
        models.JobScheduleAddParameter(id="nightly", schedule=schedule, job_specification=job)
    )
    wait_until(lambda: client.job.get("nightly:job-1").state == "completed", "the first job")
    reason = client.job.get("nightly:job-1").execution_info.terminate_reason
    shown = client.job_schedule.get("nightly")
    again = describe_error(
        lambda: client.job_schedule.add(
            models.JobScheduleAddParameter(id="nightly", schedule=schedule, job_specification=job)
        )
    )
    client.job_schedule.terminate("nightly")
    wait_until(lambda: client.job_schedule.get("nightly").state == "completed", "its end")
    existed = client.job_schedule.exists("nightly")
    client.job_schedule.delete("nightly")
    wait_until(lambda: not client.job_schedule.exists("nightly"), "its deletion")
    return {
        "interval": str(shown.schedule.recurrence_interval),
        "recent": shown.execution_info.recent_job.id,
        "reason": reason,
        "state": shown.state,
        "next": shown.execution_info.next_run_time > shown.creation_time,
        "again": again[:2],
        "existed": existed,
    }


def run_prepared_job(client):
    client.job.add(
        models.JobAddParameter(
            id="prepared",
            pool_info=models.PoolInformation(pool_id=POOL),
            job_preparation_task=models.JobPreparationTask(
                command_line="/bin/sh -c 'echo ready >$AZ_BATCH_TASK_WORKING_DIR/ready'"
            ),
            job_release_task=models.JobReleaseTask(command_line="/bin/true"),
            uses_task_dependencies=True,
        )
    )
    command = "/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_WORKING_DIR/ready'"
    first = models.TaskAddParameter(id="first", command_line=command)
    after = models.TaskDependencies(task_ids=["first"])
    second = models.TaskAddParameter(id="second", command_line=command, depends_on=after)
    client.task.add_collection("prepared", [second, first])
    wait_until(
        lambda: all(task.state == "completed" for task in client.task.list("prepared")), "the tasks"
    )
    client.job.terminate("prepared")
    wait_until(lambda: client.job.get("prepared").state == "completed", "the release")
    [status] = client.job.list_preparation_and_release_task_status("prepared")
    tasks = {task.id: task.execution_info for task in client.task.list("prepared")}
    return {
        "prepared": status.job_preparation_task_execution_info.result,
        "released": status.job_release_task_execution_info.result,
        "results": [tasks[name].result for name in ("first", "second")],
        "ordered": tasks["first"].end_time <= tasks["second"].start_time,
    }


def scale(client):
    client.pool.enable_auto_scale(POOL, auto_scale_formula="$TargetDedicatedNodes = 2;")
    wait_until(lambda: client.pool.get(POOL).current_dedicated_nodes == 2, "the second node")
    run = client.pool.evaluate_auto_scale(POOL, "$TargetDedicatedNodes = $Nothing;")
    client.pool.disable_auto_scale(POOL)
    return [run.error.code, client.pool.get(POOL).enable_auto_scale]


def manage_node(client):
    node = next(iter(client.compute_node.list(POOL))).id
    client.compute_node.add_user(POOL, node, models.ComputeNodeUser(name="guest", password="Secret-1"))
    client.compute_node.delete_user(POOL, node, "guest")
    settings = client.compute_node.get_remote_login_settings(POOL, node)
    client.compute_node.disable_scheduling(POOL, node)
    scheduling = client.compute_node.get(POOL, node).scheduling_state
    client.compute_node.enable_scheduling(POOL, node)
    client.compute_node.reboot(POOL, node)
    wait_until(lambda: client.compute_node.get(POOL, node).state == "idle", "the reboot")
    return {
        "port": settings.remote_login_port in (50000, 50001),
        "scheduling": scheduling,
        "unknown": describe_error(lambda: client.compute_node.get(POOL, "none"))[:2],
    }


def main():
    client = create_client()
    add_pool(client)
    report(
        {
            "schedule": run_schedule(client),
            "job": run_prepared_job(client),
            "scale": scale(client),
            "node": manage_node(client),
            "counts": [counts.dedicated.total for counts in client.account.list_pool_node_counts()],
        }
    )


main()
