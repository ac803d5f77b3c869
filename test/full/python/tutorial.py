"""A whole workload: pool with a start task, job, tasks with files in storage, results, and everything deleted."""

import os

from azure.batch import models

from emulator import create_client, text_of
from images import add_ubuntu_pool
from waiting import report, wait_until

POOL = "python-pool"
JOB = "python-job"
START = "/bin/sh -c 'echo prepared >$AZ_BATCH_NODE_SHARED_DIR/ready; echo starting'"
COMMAND = "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/ready input.txt; echo $AZ_BATCH_TASK_ID >&2'"


def add_pool(client):
    start_task = models.StartTask(command_line=START, wait_for_success=True)
    return add_ubuntu_pool(client, POOL, start_task=start_task)


def create_task(name):
    output = models.OutputFile(
        file_pattern="../std*.txt",
        destination=models.OutputFileDestination(
            container=models.OutputFileBlobContainerDestination(
                container_url=os.environ["OUTPUT_URL"], path=name
            )
        ),
        upload_options=models.OutputFileUploadOptions(
            upload_condition=models.OutputFileUploadCondition.task_completion
        ),
    )
    source = models.ResourceFile(http_url=os.environ["INPUT_URL"], file_path="input.txt")
    return models.TaskAddParameter(
        id=name, command_line=COMMAND, resource_files=[source], output_files=[output]
    )


def add_tasks(client):
    client.job.add(models.JobAddParameter(id=JOB, pool_info=models.PoolInformation(pool_id=POOL)))
    tasks = [create_task(f"copy{index}") for index in range(2)]
    tasks.append(models.TaskAddParameter(id="exit3", command_line="/bin/sh -c 'exit 3'"))
    tasks.append(models.TaskAddParameter(id="missing", command_line="no-such-program"))
    return [item.status for item in client.task.add_collection(JOB, tasks).value]


def is_done(client):
    return all(task.state == models.TaskState.completed for task in client.task.list(JOB))


def describe_task(task):
    info = task.execution_info
    failure = info.failure_info
    return {
        "state": task.state,
        "result": info.result,
        "exitCode": info.exit_code,
        "failure": failure and [failure.category, failure.code],
        "retries": info.retry_count,
        "ran": info.start_time <= info.end_time,
        "root": task.node_info.task_root_directory,
    }


def describe_files(client):
    listed = client.file.list_from_task(JOB, "copy0", recursive=True)
    properties = client.file.get_properties_from_task(JOB, "copy0", "stdout.txt", raw=True).headers
    part = models.FileGetFromTaskOptions(ocp_range="bytes=0-7")
    return {
        "names": sorted(entry.name for entry in listed if not entry.is_directory),
        "length": properties["Content-Length"],
        "isDirectory": properties["ocp-batch-file-isdirectory"],
        "stdout": text_of(client.file.get_from_task(JOB, "copy0", "stdout.txt")),
        "stderr": text_of(client.file.get_from_task(JOB, "copy0", "stderr.txt")),
        "nested": text_of(client.file.get_from_task(JOB, "copy0", "wd/input.txt")),
        "part": text_of(
            client.file.get_from_task(JOB, "copy0", "stdout.txt", file_get_from_task_options=part)
        ),
    }


def describe_node(client):
    node = next(iter(client.compute_node.list(POOL)))
    started = text_of(client.file.get_from_compute_node(POOL, node.id, "startup/stdout.txt"))
    return {
        "state": node.state,
        "startTask": node.start_task_info.exit_code,
        "succeeded": node.total_tasks_succeeded,
        "stdout": started,
    }


def finish(client):
    client.job.terminate(JOB, terminate_reason="all read")
    wait_until(lambda: client.job.get(JOB).state == models.JobState.completed, "the job's end")
    reason = client.job.get(JOB).execution_info.terminate_reason
    before = client.pool.exists(POOL)
    client.job.delete(JOB)
    client.pool.delete(POOL)
    wait_until(lambda: not client.pool.exists(POOL), "the pool's end")
    wait_until(lambda: not list(client.job.list()), "the job's end")
    return {"reason": reason, "existed": before, "exists": client.pool.exists(POOL)}


def main():
    client = create_client()
    agent = add_pool(client)
    statuses = add_tasks(client)
    wait_until(lambda: is_done(client), "the tasks")
    counts = client.job.get_task_counts(JOB).task_counts
    report(
        {
            "agent": agent,
            "statuses": statuses,
            "tasks": {task.id: describe_task(task) for task in client.task.list(JOB)},
            "counts": [counts.active, counts.running, counts.succeeded, counts.failed],
            "files": describe_files(client),
            "node": describe_node(client),
            "end": finish(client),
        }
    )


main()
