package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler/graph"
)

var graphForms = []string{"mermaid", "svg", "dot"}

func (p *Program) graph() *cobra.Command {
	var o subjectOptions
	var stage string
	form := "mermaid"
	cmd := &cobra.Command{
		Use:   "graph [PATH]",
		Short: "Draw an app: what runs, what it needs and reaches, and what reaches it",
		Long: `Draw an app, which is a spec at a stage (as in shop@dev) or files of a platform: its
workloads with their ports, what they need, reach and mount, its endpoints and routes.

mermaid is shown by GitHub and GitLab in markdown; svg is a picture that is laid out
here, in light and dark colours; dot is for Graphviz. Where a spec has stages and none
is named, the last one is drawn.`,
		Example: `  decamp graph examples/shop@prod
  decamp graph k8s/ --format svg > shop.svg`,
		Args: cobra.MaximumNArgs(1),
		RunE: verb(func(cmd *cobra.Command, args []string) error { return p.runGraph(cmd.Context(), args, stage, form, &o) }),
	}
	cmd.Flags().StringVarP(&stage, "stage", "s", "", "`STAGE` of a spec, as in -s prod; the last one when left out")
	o.register(cmd, p.Backends())
	cmd.Flags().Var(newChoice(&form, graphForms), "format", "`FORM` of the picture, as in --format svg: "+strings.Join(graphForms, ", "))
	complete(cmd, "format", graphForms)
	return cmd
}

func (p *Program) runGraph(ctx context.Context, args []string, stage, form string, o *subjectOptions) error {
	if stage != "" {
		o.stages = []string{stage}
	}
	found, list, err := p.subjects(ctx, args, o)
	if err != nil {
		return err
	}
	if list.HasErrors() || len(found) == 0 {
		return p.trouble(list)
	}
	last := found[len(found)-1]
	if found[0].name != last.name {
		return wrong("graph draws one app: name one of the specs")
	}
	g := graph.Of(last.app)
	picture := g.Mermaid
	switch form {
	case "dot":
		picture = g.DOT
	case "svg":
		picture = func() []byte { return g.SVG(graph.SVGOptions{}) }
	}
	_, err = p.Out.Write(picture())
	return err
}
