import pytest

from modules.contract import NEEDS_BACKUP, Claim, Job, KubernetesSecretKey, Mount, SecretKey, Workload
from modules.kubernetes.container import container
from modules.kubernetes.placement import Scale
from modules.kubernetes.workload import workload_objects
from ops.place import PROJECT
from tests.kubernetes.workloads import PLACEMENT, find, objects, pods, workload


def test_every_pod_is_restricted() -> None:
    """Unprivileged, without capabilities, with the runtime's seccomp profile and without the API server's token."""
    found = pods(objects())
    assert len(found) == 5
    for _, spec in found:
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for each in spec["containers"]:
            assert each["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"cpu", "memory"} == set(each["resources"]["requests"])
            assert "memory" in each["resources"]["limits"]


def test_who_goes_on_running_is_probed() -> None:
    """A start may take long, then a failure is noticed soon; a pod that ends by itself has no probes."""
    for labels, spec in pods(objects()):
        [one] = spec["containers"]
        probes = {name for name in one if name.endswith("Probe")}
        if labels["app.kubernetes.io/component"] in {"serve", "database"}:
            assert probes == {"startupProbe", "readinessProbe", "livenessProbe"}
            startup = one["startupProbe"]
            assert startup["failureThreshold"] * startup["periodSeconds"] >= 300
        else:
            assert probes == set()
            assert spec["restartPolicy"] == "Never"


def test_liveness_asks_for_the_process_alone() -> None:
    """A short absence of the database must not restart every pod."""
    [serving] = find(objects(), "Deployment")["spec"]["template"]["spec"]["containers"]
    assert serving["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert serving["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_a_pod_drains_before_it_goes() -> None:
    """The cluster has time to forget it, requests have theirs, and only then it is killed."""
    spec = find(objects(), "Deployment")["spec"]["template"]["spec"]
    [serving] = spec["containers"]
    assert serving["lifecycle"]["preStop"] == {"exec": {"command": ["sleep", "5"]}}
    assert spec["terminationGracePeriodSeconds"] > 5 + workload().stop_timeout


def test_secrets_are_files() -> None:
    """No secret is in a pod's environment; the settings say where its file is."""
    found = objects()
    settings = find(found, "ConfigMap")["data"]
    assert settings["DATABASE_PASSWORD_FILE"] == "/etc/berth/secrets/DATABASE_PASSWORD"
    [volume] = [
        each for each in find(found, "Deployment")["spec"]["template"]["spec"]["volumes"] if each["name"] == "secrets"
    ]
    files = {
        item["path"]: (source["secret"]["name"], item["key"])
        for source in volume["projected"]["sources"]
        for item in source["secret"]["items"]
    }
    assert files == {
        "DATABASE_USER": ("wiki-database", "username"),
        "DATABASE_PASSWORD": ("wiki-database", "password"),
        "MEDIAWIKI_SECRET_KEY": ("wiki-app", "secret_key"),
    }


def test_only_its_own_job_sees_the_database_s_administrator() -> None:
    """Who serves or migrates could not give itself more rights."""
    for labels, spec in pods(objects()):
        if labels["app.kubernetes.io/component"] in {"serve", "migrate"}:
            assert "wiki-db-root" not in str(spec)


@pytest.mark.parametrize(("units", "cores"), [(512, "500m"), (1024, "1"), (256, "250m"), (2048, "2"), (1536, "1500m")])
def test_quantities_are_written_as_the_server_would(units: int, cores: str) -> None:
    """Another way to write the same would differ in every plan."""
    made = container(workload(cpu=units), workload().serve)
    assert made["resources"]["requests"]["cpu"] == cores


def test_the_number_of_pods_is_the_autoscaler_s() -> None:
    """A number in the Deployment would set back what the autoscaler chose; without one it is needed."""
    found = objects()
    assert "replicas" not in find(found, "Deployment")["spec"]
    scaler = find(found, "HorizontalPodAutoscaler")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    fixed = objects(scale=Scale(min=3, max=3))
    assert find(fixed, "Deployment")["spec"]["replicas"] == 3
    assert "HorizontalPodAutoscaler" not in {each["kind"] for each in fixed}


def test_one_pod_at_a_time_may_be_missing() -> None:
    """Of two pods a drained node takes one, and the other only when the first is back."""
    budget = find(objects(), "PodDisruptionBudget")["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"]["matchLabels"]["app.kubernetes.io/component"] == "serve"


def _names(made: Workload) -> list[str]:
    return [each["metadata"]["name"] for each in workload_objects(made, PLACEMENT) if each["kind"] == "Job"]


def test_a_job_is_named_by_what_it_is_made_of() -> None:
    """The same image and settings are the same Jobs, done already; others are new ones."""
    assert _names(workload()) == _names(workload())
    provision, migrate = _names(workload("registry.example.org/berth/mediawiki:2-abcdef12"))
    assert {provision, migrate}.isdisjoint(_names(workload()))
    # a setting that provisioning does not read leaves its Job as it is
    provision, migrate = _names(workload(upload_mib=100))
    assert (provision in _names(workload()), migrate in _names(workload())) == (True, False)


def test_a_migration_that_needs_a_backup_is_not_tried_again() -> None:
    """The exit code is the one by which the image asks for it."""
    [rule] = find(objects(), "Job", "wiki-migrate")["spec"]["podFailurePolicy"]["rules"]
    assert rule["onExitCodes"]["values"] == [NEEDS_BACKUP]
    assert f"exit {NEEDS_BACKUP}\n" in (PROJECT / "entrypoint/jobs/migrate-locked").read_text()


def _annotations(**placement: object) -> dict[str, str]:
    found: dict[str, str] = find(objects(**placement), "Deployment")["spec"]["template"]["metadata"]["annotations"]
    return found


def test_a_changed_secret_replaces_the_pods() -> None:
    """Those that use it, and no others."""
    assert _annotations(secret_versions={"wiki-database": "2"}) != _annotations()
    assert _annotations(secret_versions={"wiki-db-root": "2"}) == _annotations()


def test_changed_settings_replace_the_pods() -> None:
    """A ConfigMap that changes alone would change nothing that runs."""
    other = workload_objects(workload(page_cache_seconds=5), PLACEMENT)
    assert find(other, "Deployment")["spec"]["template"]["metadata"]["annotations"] != _annotations()


@pytest.mark.parametrize(
    "job",
    [
        Job(name="serve", secrets={"A": SecretKey(arn="arn:aws:secretsmanager:::secret:a", key="b")}),
        Job(
            name="serve",
            mounts=(
                Mount(path="/m", file_system_id="f", file_system_arn="a", access_point_id="p", access_point_arn="q"),
            ),
        ),
    ],
    ids=["secret", "mount"],
)
def test_what_only_aws_knows_is_refused(job: Job) -> None:
    """A secret or a file system that no cluster could reach is an error when the objects are made."""
    made = Workload(name="x", image="x:1", serve=job)
    with pytest.raises(TypeError, match="Kubernetes"):
        workload_objects(made, PLACEMENT)


def test_claims_and_keys_are_of_the_namespace() -> None:
    """A workload may have neither secrets nor files."""
    job = Job(name="serve", secrets={"A": KubernetesSecretKey(name="s", key="k")}, mounts=(Claim(path="/m", name="c"),))
    made = workload_objects(Workload(name="x", image="x:1", serve=job), PLACEMENT)
    assert find(made, "PersistentVolumeClaim", "x")
    plain = workload_objects(Workload(name="x", image="x:1", serve=Job(name="serve")), PLACEMENT)
    assert {each["kind"] for each in plain}.isdisjoint({"PersistentVolumeClaim", "Job"})
