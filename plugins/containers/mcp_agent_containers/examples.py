"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "containers_compose_plan": [
        "what would docker compose up change", "compare the compose file with what runs", "is my stack up to date",
        "check this docker-compose.yml",
    ],
    "containers_compose_apply": [
        "docker compose up", "bring the stack up", "deploy the new version of the compose file",
        "apply the compose file",
    ],
    "containers_exec": [
        "run a command inside the web container", "look at the config file in there",
        "run the migrations in the api container", "open a shell in the container and list the files",
        "run this inside the docker container", "check a file within the container",
    ],
    "containers_logs": [
        "what does the web server log say", "are there any errors in the api container",
        "why did the backup fail last night", "find the word timeout in the logs of the last hour",
        "show the last lines before it crashed", "show the log of the container", "what did the container print last",
        "errors in the log of my docker service",
    ],
    "containers_list": [
        "what is running in docker", "is the database container up", "which containers have crashed",
        "what uses port 8080 on the server", "show me the compose projects", "which containers are there",
        "is my docker container running or stopped", "list everything that runs in docker",
    ],
    "containers_inspect": [
        "why did the web container stop", "how is the database container set up", "what volumes does it use",
        "was it killed because of memory", "which environment does the api run with",
        "which image, ports and folders does this container use", "why did my container exit, what was its exit code",
    ],
    "containers_images": [
        "which images are on the server", "what takes up the space in docker", "do we have a postgres image",
        "which images does nothing use", "which docker images have I downloaded", "how big are my docker images",
    ],
    "containers_prune_plan": [
        "what could be cleaned up in docker", "how much space would a prune free", "which containers are left over",
        "list unused volumes", "how much would a docker clean-up free", "what unused stuff is lying around in docker",
    ],
    "containers_prune": [
        "clean up docker", "free the disk space of old images", "remove all stopped containers",
        "delete the volumes nothing uses", "delete all unused images and containers", "tidy up docker to free space",
    ],
    "containers_run": [
        "start a redis for me", "run the postgres image on port 5432", "spin up an nginx container",
        "run this image once with that command", "launch a container that restarts by itself",
        "start a new container from an image", "try out a database in docker",
    ],
    "containers_start_stop": [
        "restart the web server container", "stop the database", "bring the api up again", "shut down that container",
        "pause the backup for a moment", "restart the docker container", "stop that service in docker",
        "start the stopped container again",
    ],
    "containers_remove": [
        "delete the old test container", "get rid of the crashed one", "remove that container for good",
        "throw the redis container away", "delete a docker container I don't need", "remove the stopped container",
    ],
    "containers_stats": [
        "which container eats all the memory", "how busy is docker", "is the database using much cpu",
        "why is the server slow, is it a container", "how much memory and cpu does each container take",
        "which docker container is the busiest",
    ],
}
# fmt: on
