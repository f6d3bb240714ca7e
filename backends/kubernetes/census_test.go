package kubernetes

import (
	"reflect"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestCensus demands a row for every field of the types that are read. A type that is
// carried whole needs rows for none of its fields.
func TestCensus(t *testing.T) {
	rows := map[string]bool{}
	for _, row := range fields() {
		if rows[row.Field] {
			t.Errorf("two rows for %s", row.Field)
		}
		if row.Because == "" || row.Verdict == 0 {
			t.Errorf("%s: no verdict, or no reason", row.Field)
		}
		rows[row.Field] = true
	}
	used, opened := map[string]bool{}, map[string]bool{}
	for _, c := range census() {
		for _, f := range strings.Fields(c.opened) {
			opened[c.name+"."+f] = true
		}
	}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	var inline func(typ reflect.Type, owner string)
	inline = func(typ reflect.Type, owner string) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" && f.Anonymous {
				if f.Type.Name() != "TypeMeta" {
					inline(f.Type, owner)
				}
				continue
			}
			if name == "" || name == "-" {
				continue
			}
			key := owner + "." + name
			if !rows[key] {
				t.Errorf("no row for %s", key)
				continue
			}
			used[key] = true
			if opened[key] {
				walk(f.Type)
			}
		}
	}
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() == reflect.Struct && !seen[typ] {
			seen[typ] = true
			inline(typ, typ.Name())
		}
	}
	for _, v := range []any{
		metav1.ObjectMeta{}, appsv1.DeploymentSpec{}, appsv1.StatefulSetSpec{}, appsv1.DaemonSetSpec{}, batchv1.JobSpec{}, batchv1.CronJobSpec{},
		corev1.PodSpec{}, corev1.ServiceSpec{}, corev1.ConfigMap{}, corev1.Secret{}, corev1.ServiceAccount{}, corev1.PersistentVolumeClaimSpec{},
		networkingv1.IngressSpec{}, networkingv1.NetworkPolicySpec{}, autoscalingv2.HorizontalPodAutoscalerSpec{}, policyv1.PodDisruptionBudgetSpec{},
	} {
		walk(reflect.TypeOf(v))
	}
	for key := range rows {
		if !used[key] && strings.Contains(key, ".") {
			t.Errorf("the row for %s is about no field", key)
		}
	}
}
