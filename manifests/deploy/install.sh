#!/bin/sh
# Installs AtlHyper from this folder into the cluster of kubectl's current context; nothing is loaded from anywhere.
#   sh install.sh [OVERLAY [NAME]]
# OVERLAY is one of manifests/*.yaml (k3s), NAME what the cluster is called (home). Images are put onto this machine's node
# by k3s, by containerd's ctr, or by ATLHYPER_LOAD, a command that takes an archive's path. Run it on every node with
# ATLHYPER_IMAGES_ONLY=1 first where there are several. Run again, it upgrades.
set -eu
cd "$(dirname "$0")"
overlay=${1:-k3s}
name=${2:-home}
[ -f "manifests/$overlay.yaml" ] || { echo "there is no overlay $overlay: $(ls manifests)" >&2; exit 2; }

case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  armv7l | armv8l) arch=arm ;;
  *) arch=$(uname -m) ;;
esac
loaded=
for image in images/*.tar; do
  # Each holds the images of several kinds of machines, of which a node takes its own.
  if ! grep -qw "$arch" "${image%.tar}.architectures"; then
    echo "Left out: $image is for $(cat "${image%.tar}.architectures"), and this is $arch"
    continue
  fi
  echo "Loading $image"
  if [ -n "${ATLHYPER_LOAD:-}" ]; then
    $ATLHYPER_LOAD "$PWD/$image"
  elif command -v k3s >/dev/null; then
    k3s ctr images import "$image"
  elif command -v ctr >/dev/null; then
    ctr -n k8s.io images import "$image"
  else
    echo "neither k3s nor ctr is here: say in ATLHYPER_LOAD which command takes an archive's path" >&2
    exit 1
  fi
  loaded=1
done
[ -n "$loaded" ] || exit 2
[ -z "${ATLHYPER_IMAGES_ONLY:-}" ] || exit 0

# By standard input: a token has no business in the list of processes.
secret() {
  printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: %s}\ntype: Opaque\nstringData: {token: "%s"}\n' "$2" "$1" "$3" |
    kubectl apply -f - >/dev/null
}
has() { kubectl -n "$1" get secret "$2" >/dev/null 2>&1; }

for namespace in atlhyper atlhyper-probe; do
  kubectl get namespace "$namespace" >/dev/null 2>&1 || kubectl create namespace "$namespace"
done
if ! has atlhyper atlhyper-probe || ! has atlhyper-probe atlhyper-probe; then
  token=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
  secret atlhyper atlhyper-probe "$token"
  secret atlhyper-probe atlhyper-probe "$token"
fi
kubectl apply -f "manifests/$overlay.yaml" >/dev/null
if kubectl -n atlhyper get statefulset atlhyper-master >/dev/null 2>&1; then
  kubectl -n atlhyper rollout status statefulset/atlhyper-master --timeout=300s
  if ! has atlhyper atlhyper-agent; then
    run="kubectl -n atlhyper exec atlhyper-master-0 -- /usr/bin/atlhyper cluster"
    token=$($run add "$name" 2>/dev/null || $run rotate "$name" 2>/dev/null)
    secret atlhyper atlhyper-agent "$token"
  fi
elif ! has atlhyper atlhyper-agent; then
  echo "make the Secret atlhyper/atlhyper-agent with the token of \`atlhyper cluster add\` at your master, then run this again" >&2
  exit 1
fi
kubectl -n atlhyper rollout status deployment/atlhyper-agent --timeout=300s
kubectl -n atlhyper-probe rollout status daemonset/atlhyper-probe --timeout=300s
echo "AtlHyper runs. Its page: kubectl -n atlhyper port-forward service/atlhyper 8080:8080"
kubectl -n atlhyper logs atlhyper-master-0 2>/dev/null | grep -o '/setup?token=[A-Za-z0-9_-]*' | tail -n 1 |
  sed 's|^|  to become the administrator, once: http://127.0.0.1:8080|'
