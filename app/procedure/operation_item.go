package procedure

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// listAt finds the list an operation is about.
func (d *draft) listAt(op Operation) (reflect.Value, error) {
	f, err := d.locate(op.Step, op.Path)
	if err != nil {
		return f.value, err
	}
	if f.value.Kind() != reflect.Slice || f.owner.IsValid() {
		return f.value, invalid("op.not_a_list", op.Path)
	}
	return f.value, nil
}

func (d *draft) addItem(op Operation) error {
	list, err := d.listAt(op)
	if err != nil {
		return err
	}
	if list.Len() >= maxEntries {
		return invalid("op.too_many")
	}
	place := list.Len()
	if op.Place != nil {
		place = *op.Place
	}
	if place < 0 || place > list.Len() {
		return invalid("op.bad_place")
	}
	entry, err := d.newEntry(list, op)
	if err != nil {
		return err
	}
	grown := reflect.MakeSlice(list.Type(), 0, list.Len()+1)
	grown = reflect.AppendSlice(grown, list.Slice(0, place))
	grown = reflect.Append(grown, entry)
	list.Set(reflect.AppendSlice(grown, list.Slice(place, list.Len())))
	return nil
}

// newEntry makes an entry of a list from the operation's value, or a sensible
// one, with an id of its own.
func (d *draft) newEntry(list reflect.Value, op Operation) (reflect.Value, error) {
	entry := reflect.New(list.Type().Elem()).Elem()
	if op.Value != nil {
		if err := bindValue(op.Value, entry, op.Path); err != nil {
			return entry, err
		}
	}
	if entry.Kind() != reflect.Struct {
		return entry, nil
	}
	if op.Value == nil {
		d.furnish(entry, op)
	}
	id := entryIDField(entry)
	if !id.IsValid() {
		return entry, nil
	}
	if id.Len() == 0 {
		id.SetString(op.ID)
	}
	for i := range list.Len() {
		if entryID(list.Index(i)) == id.String() {
			return entry, invalid("op.taken_id", id.String())
		}
	}
	if p, _ := propertyOf(entry.Type(), "id"); p.Role == "id" && !idPattern.MatchString(id.String()) {
		return entry, invalid("op.bad_id", id.String())
	}
	return entry, nil
}

// furnish gives a new entry its first words and its commonest type.
func (d *draft) furnish(entry reflect.Value, op Operation) {
	for _, name := range []string{"text", "label", "title"} {
		if p, ok := propertyOf(entry.Type(), name); ok && p.Role == "text" && op.Words != "" {
			entry.FieldByIndex(p.index).Set(reflect.ValueOf(Text{In: map[string]string{cmp.Or(op.Language, d.languages(op)[0]): op.Words}}))
			break
		}
	}
	if p, ok := propertyOf(entry.Type(), "type"); ok && len(p.One) > 0 {
		entry.FieldByIndex(p.index).SetString(p.One[0])
	}
}

// entryIDField returns the place of what tells an entry from the others.
func entryIDField(entry reflect.Value) reflect.Value {
	for _, name := range []string{"id", "name", "outcome"} {
		if p, ok := propertyOf(entry.Type(), name); ok && entry.FieldByIndex(p.index).Kind() == reflect.String {
			return entry.FieldByIndex(p.index)
		}
	}
	return reflect.Value{}
}

// newEntryID makes the id of a new entry: from its words, else from the name
// of the list; of a list by outcome, the first outcome not in it yet.
func newEntryID(list reflect.Value, op Operation) string {
	if list.Kind() != reflect.Slice || list.Type().Elem().Kind() != reflect.Struct {
		return ""
	}
	taken := map[string]bool{}
	for i := range list.Len() {
		taken[entryID(list.Index(i))] = true
	}
	if p, ok := propertyOf(list.Type().Elem(), "outcome"); ok {
		free := slices.IndexFunc(p.One, func(word string) bool { return !taken[word] })
		return p.One[max(free, 0)]
	}
	name := op.Path[strings.LastIndexByte(op.Path, '.')+1:]
	return NewID(op.Words, strings.TrimSuffix(name, "s"), func(id string) bool { return taken[id] })
}

func (d *draft) deleteItem(op Operation) error {
	list, at, err := d.item(op)
	if err != nil {
		return err
	}
	shrunk := reflect.MakeSlice(list.Type(), 0, list.Len())
	shrunk = reflect.AppendSlice(reflect.AppendSlice(shrunk, list.Slice(0, at)), list.Slice(at+1, list.Len()))
	if shrunk.Len() == 0 {
		shrunk = reflect.Zero(list.Type())
	}
	list.Set(shrunk)
	return nil
}

func (d *draft) moveItem(op Operation) error {
	list, at, err := d.item(op)
	if err != nil {
		return err
	}
	if op.Place == nil || *op.Place < 0 || *op.Place >= list.Len() {
		return invalid("op.bad_place")
	}
	swap := reflect.Swapper(list.Interface())
	for ; at < *op.Place; at++ {
		swap(at, at+1)
	}
	for ; at > *op.Place; at-- {
		swap(at, at-1)
	}
	return nil
}

// item finds the entry an operation is about.
func (d *draft) item(op Operation) (list reflect.Value, at int, err error) {
	if list, err = d.listAt(op); err != nil {
		return list, 0, err
	}
	if at = entryNamed(list, op.Item); at < 0 {
		return list, 0, invalid("op.unknown_item", op.Item)
	}
	return list, at, nil
}
