package studio

import (
	"cmp"
	"net/http"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// saveConnectors replaces the connectors; a row without a name is dropped, but
// for one that a step uses.
func (s *Studio) saveConnectors(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, views.SettingsConnectors, func(o *procedure.Project) error {
		var connectors []procedure.Connector
		place := func(list []procedure.Connector, id string) int {
			return slices.IndexFunc(list, func(c procedure.Connector) bool { return c.ID == id })
		}
		for row, id := range v.PostForm["id"] {
			c := procedure.Connector{ID: id, Kind: nth(v, "kind", row), Name: rowText(v, "name.", row, o.Languages)}
			before := place(o.Connectors, id)
			if c.Name.IsZero() && (before < 0 || !o.Connectors[before].Name.IsZero()) { // those of archives may have none
				continue
			}
			if !slices.Contains(views.ConnectorKinds, c.Kind) {
				return fault.New(fault.Invalid, "fault.connector.kind", cmp.Or(s.Words(v, c.Name), c.ID))
			}
			if place(o.Connectors, c.ID) < 0 || place(connectors, c.ID) >= 0 { // ids are made here, and never change
				c.ID = procedure.NewID(s.Words(v, c.Name), "connector", func(id string) bool {
					return place(o.Connectors, id) >= 0 || place(connectors, id) >= 0
				})
			}
			connectors = append(connectors, c)
		}
		for _, c := range o.Connectors {
			if !slices.Contains(v.PostForm["id"], c.ID) { // only an emptied name takes one away
				connectors = append(connectors, c)
			}
		}
		if err := s.stillUsed(v, o.Connectors, connectors); err != nil {
			return err
		}
		o.Connectors = connectors
		return nil
	})
}

// stillUsed refuses to take away a connector that a step names.
func (s *Studio) stillUsed(v *frame.Visit, before, after []procedure.Connector) error {
	gone := slices.DeleteFunc(slices.Clone(before), func(c procedure.Connector) bool {
		return slices.ContainsFunc(after, func(k procedure.Connector) bool { return k.ID == c.ID })
	})
	if len(gone) == 0 {
		return nil
	}
	whole, err := s.Content.WholeProject(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	for _, p := range whole.Procedures {
		for i := range p.Steps {
			for _, c := range gone {
				if slices.Contains(procedure.ConnectorsOf(&p.Steps[i]), c.ID) {
					return fault.New(fault.Invalid, "fault.connector.used", cmp.Or(s.Words(v, c.Name), c.ID), s.stepTitle(v, &p.Steps[i]), s.Words(v, p.Title))
				}
			}
		}
	}
	return nil
}
