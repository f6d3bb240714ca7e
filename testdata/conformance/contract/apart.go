package contract

// apart holds what some platform does not bring up: each is an app of its own, and only the applying lines are run.
func apart() []*Chapter {
	return []*Chapter{
		{Name: "owner", Title: "The owner of a secret", Loose: true, Scenes: []Scene{secretOwner()}},
	}
}

func secretOwner() Scene {
	return Scene{
		Concept: "secrets",
		Spec: `
secrets:
  partner: {keys: [client, key]}
workloads:
  strict:
    security: {user: 65532, group: 65532}
    files:
      /run/app/key: {from: "${secrets.partner.key}", mode: "0400", uid: 65532, gid: 65532}
`,
		Secrets: map[string]string{"partner.client": clientValue, "partner.key": keyValue},
		Rows: []Row{
			{Name: "secret-owner", Says: "The file of a secret can be read by its owner alone where that is said.", Facts: []string{"workloads.strict.files"}, Atlas: []int{17},
				Check: func(o *Observer) {
					f := o.Stat("strict", "/run/app/key")
					o.Equal("mode, user, group", []any{f.Mode, f.UID, f.GID}, []any{"0400", 65532, 65532})
					o.Equal("content", f.Text(), keyValue)
				}},
		},
	}
}
