"""A pool of an image chosen the way tutorials do: the last verified one of an offer, with the agent that fits it."""

from azure.batch.models import ImageReference, PoolAddParameter, VirtualMachineConfiguration


def select_latest_verified_image(client, publisher, offer, sku_prefix):
    images = [
        (image.node_agent_sku_id, image.image_reference)
        for image in client.account.list_supported_images()
        if image.verification_type == "verified"
        and image.image_reference.publisher.lower() == publisher
        and image.image_reference.offer.lower() == offer
        and image.image_reference.sku.startswith(sku_prefix)
    ]
    agent, image = images[-1]
    return agent, ImageReference(
        publisher=image.publisher, offer=image.offer, sku=image.sku, version="latest"
    )


def add_ubuntu_pool(client, pool, **more):
    """Adds a pool of one node; answers the agent that was chosen."""
    agent, image = select_latest_verified_image(
        client, "canonical", "0001-com-ubuntu-server-jammy", "22_04"
    )
    machines = VirtualMachineConfiguration(image_reference=image, node_agent_sku_id=agent)
    client.pool.add(
        PoolAddParameter(
            id=pool,
            vm_size="STANDARD_A1_v2",
            target_dedicated_nodes=1,
            virtual_machine_configuration=machines,
            **more,
        )
    )
    return agent
