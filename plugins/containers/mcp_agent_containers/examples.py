"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "containers_compose_plan": [
        "what would docker compose up change", "compare the compose file with what runs", "is my stack up to date",
        "check this docker-compose.yml", "what would change if the compose file was applied",
        "dry run of docker compose up", "check the compose file before we deploy it",
        "what is different between the compose file and the running stack",
        "show me first what the new docker-compose.yml would do", "does my compose.yaml look right",
        "which services would the compose file recreate",
    ],
    "containers_compose_apply": [
        "docker compose up", "bring the stack up", "deploy the new version of the compose file",
        "apply the compose file", "get the whole stack running from its compose file", "deploy the stack now",
        "roll out the new compose file", "yes, apply the changes of the compose file",
        "start all services of the compose file", "docker compose up with the new version",
        "update the running stack now",
    ],
    "containers_exec": [
        "run a command inside the web container", "look at the nginx config file inside the container",
        "run the migrations inside the api container", "open a shell in the container and list the files",
        "execute this script inside the docker container", "which python version is installed inside the container",
        "exec into redis and type this command", "check a file within the container",
        "can the web container reach the database, ping it from inside", "run psql inside the postgres container",
        "use the command line tool inside the nextcloud container to add a user",
        "list the files under /var inside the container",
    ],
    "containers_logs": [
        "why did the web server fall over last night", "show me what nginx printed in the last hour",
        "what does the docker log of the database say", "are there any errors in the api container's output",
        "find the word timeout in the logs of the last hour", "show the last lines before it crashed",
        "the stack trace from the crashed container", "what did the container print last",
        "errors in the log of my docker service", "why did the backup container fail last night",
        "what has the web container been logging since noon", "any warnings in the container's log since yesterday",
    ],
    "containers_list": [
        "what is running in docker", "is the database container up or down", "which containers have crashed",
        "which container uses port 8080 on the server", "show me the compose projects that are running",
        "which containers are there", "is my docker container running or stopped",
        "list everything that runs in docker", "list my containers, stopped ones too", "is the nginx container running",
        "which docker containers are up at the moment", "how many containers are running in podman",
    ],
    "containers_inspect": [
        "why did the web container stop, what was its exit code", "how is the database container configured",
        "which folders and volumes does the container have mounted",
        "was the container killed for lack of memory, exit code 137",
        "which environment does the api container run with", "which image, ports and folders does this container use",
        "is the container healthy, does its health check pass", "which IP address and mounts does the container have",
        "the settings and configuration of the container",
        "details of the nginx container with its mounts and environment",
        "how did the container end, with which exit code", "with which settings and limits was the container set up",
    ],
    "containers_images": [
        "which images are on the server", "which docker images have I downloaded", "how big are my docker images",
        "do we have a postgres image", "which images does nothing use", "which tags of the redis image are there",
        "list the docker images", "which docker image is the largest", "is the nginx image already downloaded",
        "how much space do the docker images take",
    ],
    "containers_prune_plan": [
        "what could be cleaned up in docker", "how much space would a prune free",
        "which leftovers in docker are safe to delete", "list unused volumes", "how much would a docker clean-up free",
        "what unused stuff is lying around in docker", "what would a docker clean-up remove, as a dry run",
        "which images and volumes could be cleaned up", "show me first what prune would remove",
        "how many gigabytes could a docker clean-up free",
    ],
    "containers_prune": [
        "clean up docker", "free the disk space of old images", "remove all stopped containers",
        "delete the volumes nothing uses", "delete all unused images and containers", "tidy up docker to free space",
        "prune docker now", "remove all unused volumes and networks", "clean docker up and free the space now",
        "delete all old images that nothing uses", "clear out everything unused in docker",
    ],
    "containers_run": [
        "start a new redis in docker", "run the postgres image on port 5432", "spin up an nginx container",
        "run this image once with that command", "launch a container that restarts by itself",
        "start a new container from an image", "start a temporary container of a database image",
        "spin up a new container with a volume for its data", "launch a new redis from its image",
        "create a container from the nginx image", "run an image in docker and publish this port",
        "make a new container with at most 512 MB of memory",
    ],
    "containers_start_stop": [
        "restart the web server container", "stop the database container", "bring the api container up again",
        "shut down that container", "pause the backup container for a moment", "restart the nginx container in docker",
        "stop that docker container", "start the stopped container again",
        "the web server hangs, give its container a kick", "shut the mail container down for tonight",
        "unpause the container, let it go on", "reboot the web server container",
    ],
    "containers_remove": [
        "delete the old test container", "get rid of the crashed container", "remove that container for good",
        "throw the redis container away", "delete a docker container I don't need", "remove the stopped container",
        "delete the nginx container for good", "throw away the container I tried out",
        "get rid of that one container, even though it runs", "remove the old api container",
    ],
    "containers_stats": [
        "which container eats all the memory", "how busy is docker", "is the database container using much cpu",
        "which docker service uses the most cpu", "how much memory and cpu does each container take",
        "which docker container is the busiest", "memory and cpu usage of the nginx container",
        "how much RAM does redis need in docker", "cpu and network load of each container",
        "is one of the containers hogging the processor", "how much does each container read from and write to disk",
    ],
}
# fmt: on
