package kubernetes

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// everything holds an object of each kind that is read, in the ways in which they
// are joined.
const everything = `
apiVersion: v1
kind: List
items:
- apiVersion: extensions/v1beta1
  kind: Deployment
  metadata: {name: web, namespace: shop, labels: {app: web}}
  spec:
    replicas: 3
    strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
    template:
      metadata: {labels: {app: web, tier: front}}
      spec:
        terminationGracePeriodSeconds: 45
        nodeSelector: {beta.kubernetes.io/arch: amd64, disk: ssd}
        imagePullSecrets: [{name: registry}]
        tolerations: [{key: spot, operator: Exists}]
        containers:
        - name: server
          image: acme/web:1
          args: ["--db=db:5432", "$(GREETING), world", "$$HOME"]
          ports: [{containerPort: 8080, name: main}]
          envFrom: [{configMapRef: {name: settings}, prefix: APP_}]
          env:
          - {name: GREETING, value: hello}
          - {name: DB_HOST, value: db}
          - {name: DB_URL, value: "postgres://app:$(PASSWORD)@db.shop.svc.cluster.local:5432/shop"}
          - {name: PASSWORD, valueFrom: {secretKeyRef: {name: db-login, key: password}}}
          - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          readinessProbe: {httpGet: {path: /ready, port: main}, timeoutSeconds: 2}
          lifecycle: {preStop: {exec: {command: [sleep, "3"]}}}
          volumeMounts:
          - {name: conf, mountPath: /etc/web}
          - {name: one, mountPath: /etc/one.conf, subPath: one.conf}
          - {name: login, mountPath: /run/login}
          - {name: tmp, mountPath: /tmp}
          - {name: token, mountPath: /run/token}
        - {name: log, image: acme/log:1, volumeMounts: [{name: tmp, mountPath: /tmp}]}
        initContainers:
        - {name: prepare, image: acme/prepare:1, volumeMounts: [{name: tmp, mountPath: /tmp}]}
        - {name: mesh, image: acme/mesh:1, restartPolicy: Always, ports: [{containerPort: 15000}]}
        volumes:
        - {name: conf, configMap: {name: conf}}
        - {name: one, configMap: {name: one}}
        - {name: login, secret: {secretName: db-login}}
        - {name: tmp, emptyDir: {}}
        - {name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}
- apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop}
  spec: {selector: {app: web}, ports: [{port: 80, targetPort: main}]}
- apiVersion: v1
  kind: Service
  metadata: {name: web-lb, namespace: shop}
  spec: {selector: {app: web}, type: LoadBalancer, ports: [{port: 80, targetPort: 8080}]}
- apiVersion: networking.k8s.io/v1beta1
  kind: Ingress
  metadata: {name: shop, namespace: shop}
  spec:
    tls: [{hosts: [shop.example.com], secretName: shop-cert}]
    rules:
    - host: shop.example.com
      http: {paths: [{path: /, backend: {serviceName: web, servicePort: 80}}, {path: /db, backend: {serviceName: db, servicePort: sql}}]}
- apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: db, namespace: shop}
  spec:
    serviceName: db
    selector: {matchLabels: {app: db}}
    template:
      metadata: {labels: {app: db}}
      spec:
        containers: [{name: db, image: "postgres:16", ports: [{name: sql, containerPort: 5432}], volumeMounts: [{name: data, mountPath: /data}]}]
    volumeClaimTemplates:
    - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
- {apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, selector: {app: db}, ports: [{name: sql, port: 5432}]}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {COLOUR: green, SIZE: "3"}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {web.yaml: "db: db:5432"}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}, data: {one.conf: x}}
- {apiVersion: v1, kind: Secret, metadata: {name: db-login, namespace: shop}, stringData: {user: root, password: hunter2}}
- apiVersion: autoscaling/v2beta1
  kind: HorizontalPodAutoscaler
  metadata: {name: db, namespace: shop}
  spec: {scaleTargetRef: {kind: StatefulSet, name: db}, minReplicas: 1, maxReplicas: 3, metrics: [{type: Pods, pods: {metricName: x, targetAverageValue: "1"}}]}
- {apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: db, namespace: shop}
  spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
- apiVersion: batch/v1beta1
  kind: CronJob
  metadata: {name: report, namespace: shop}
  spec: {schedule: "@daily", jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: report, image: "acme/report:1"}]}}}}}
- {apiVersion: v1, kind: Pod, metadata: {name: once, namespace: shop}, spec: {restartPolicy: Never, containers: [{name: once, image: "acme/once:1"}]}}
- {apiVersion: v1, kind: ReplicationController, metadata: {name: old, namespace: shop}, spec: {selector: {app: old}, template: {metadata: {labels: {app: old}}, spec: {containers: [{name: old, image: "acme/old:1"}]}}}}
- {apiVersion: v1, kind: Service, metadata: {name: mail, namespace: shop}, spec: {type: ExternalName, externalName: smtp.example.com, ports: [{port: 587}]}}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}
`

func TestEverything(t *testing.T) {
	r := newSourceReader(sources(everything))
	if !r.read() || r.list.HasErrors() {
		t.Fatal(r.list)
	}
	for _, p := range ir.Verify(r.app) {
		t.Errorf("verify: %s %s: %s", p.Code, p.Path, p.Summary)
	}
	for _, p := range returned(r) {
		t.Error(p)
	}
	sameSpec(t, r)
	_, text := specOf(t, r)
	golden(t, "read", string(text))
	for _, d := range r.list {
		if strings.Contains(d.Summary+d.Detail, "hunter2") {
			t.Error("a finding holds the value of a secret")
		}
	}
	if strings.Contains(string(text), "hunter2") {
		t.Error("the spec holds the value of a secret")
	}
}

func TestRefused(t *testing.T) {
	for text, code := range map[string]diag.Code{
		"apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n": codeTemplate,
		"a: b\n": codeNoObject,
		"":       codeNoObjects,
		"apiVersion: v1\nkind: Service\nmetadata: {}\n":                                                            codeNoObject,
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: many}\n":                     codeSourceInvalid,
		"\ufeffapiVersion: apps/v1\r\nkind: Deployment\r\nmetadata: {name: a}\r\nspec: {template: {spec: {}}}\r\n": codeSourceInvalid,
	} {
		r := newSourceReader(sources(text))
		r.read()
		if !strings.Contains(codes(r.list), string(code)) {
			t.Errorf("%q: want %s, got %s", text, code, codes(r.list))
		}
	}
}

func TestUnknownField(t *testing.T) {
	r := newSourceReader(sources("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replica: 3\n  template: {spec: {containers: [{name: a, image: a}]}}\n"))
	r.read()
	for _, d := range r.list {
		if d.Code == codeUnknownField && d.Subject.Start.Line == 5 && strings.Contains(d.Summary, "spec.replica") {
			return
		}
	}
	t.Error(r.list)
}
