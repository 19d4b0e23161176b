"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "k8s_contexts": [
        "which kubernetes clusters do I have", "which kube context am I on", "list my kubeconfig contexts",
        "may you change anything in the staging cluster",
    ],
    "k8s_list": [
        "list the pods in kubernetes", "kubectl get pods", "which deployments are in the namespace shop",
        "show all ingresses of the cluster", "list the kubernetes nodes", "which certificates are there in the cluster",
        "which custom resources does the cluster know", "pods that are not running",
        "show the persistent volume claims",
    ],
    "k8s_get": [
        "show me the yaml of that deployment", "kubectl get deployment web -o yaml", "the manifest of this service",
        "what is in that configmap", "which image does the deployment in kubernetes use", "the spec of the ingress",
    ],
    "k8s_describe": [
        "describe the pod", "kubectl describe node n1", "what state is that kubernetes deployment in",
        "tell me about this pod and its events", "which taints does the node have",
    ],
    "k8s_logs": [
        "logs of the pod", "kubectl logs web-5d9c", "what did the pod say before it crashed",
        "errors in the log of the kubernetes pod", "grep the pod's log for timeout",
    ],
    "k8s_events": [
        "what happened in the cluster lately", "kubectl get events", "warnings in the namespace",
        "recent kubernetes events of this pod", "any warnings in kubernetes",
    ],
    "k8s_top": [
        "which pod uses the most memory", "kubectl top nodes", "how busy are the kubernetes nodes",
        "which pods eat the cpu in the cluster",
    ],
    "k8s_port_check": [
        "why can't I reach the service in kubernetes", "does the service have endpoints",
        "is the port of the service open",
        "check the node port", "which pods are behind this kubernetes service",
    ],
    "k8s_diagnose": [
        "why is my pod not running", "the pod is stuck in pending", "crashloopbackoff, what now",
        "why does the deployment not come up", "imagepullbackoff in kubernetes", "what is broken in the namespace",
        "why does the pod keep restarting",
    ],
    "k8s_diff": [
        "what would kubectl apply change", "dry run of this manifest", "kubectl diff",
        "compare the yaml with the cluster",
        "is this kubernetes manifest valid",
    ],
    "k8s_apply": [
        "kubectl apply this yaml", "deploy this manifest to the cluster",
        "change the image of the kubernetes deployment",
        "create a configmap in the namespace", "apply the kubernetes yaml",
    ],
    "k8s_scale": [
        "scale the deployment to 3", "give web five replicas", "scale it down to zero in kubernetes",
        "more replicas for the api", "kubectl scale",
    ],
    "k8s_rollout_status": [
        "is the rollout done", "how far is the deployment", "kubectl rollout status",
        "which revisions has the deployment",
        "rollout history", "wait until the new version is up in kubernetes",
    ],
    "k8s_rollout": [
        "restart the deployment", "kubectl rollout restart", "roll back the deployment",
        "go back to the version before",
        "pause the rollout", "undo the last deploy in kubernetes",
    ],
    "k8s_delete": [
        "delete the kubernetes deployment", "remove that service from the cluster", "kubectl delete ingress",
        "delete the configmap", "take the old deployment out of the namespace",
    ],
    "k8s_delete_forever": [
        "delete the pod", "kill the stuck pod", "remove the namespace with everything in it",
        "delete the pvc and its data",
        "delete the kubernetes secret", "remove the finished jobs",
    ],
}
# fmt: on
