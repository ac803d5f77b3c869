"""Choosing an image the way tutorials do: the last verified one of an offer, with the agent that fits it."""

from azure.batch.models import ImageReference


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
