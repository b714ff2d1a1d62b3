package procedure

import "reflect"

// clone copies a value of the language with all that hangs on it.
func clone[T any](v T) T {
	var copied T
	copyInto(reflect.ValueOf(&copied).Elem(), reflect.ValueOf(&v).Elem())
	return copied
}

func copyInto(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			copyInto(to.Elem(), from.Elem())
		}
	case reflect.Interface:
		if !from.IsNil() {
			value := reflect.New(from.Elem().Type()).Elem()
			copyInto(value, from.Elem())
			to.Set(value)
		}
	case reflect.Struct:
		for i := range from.NumField() {
			copyInto(to.Field(i), from.Field(i))
		}
	case reflect.Slice:
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
			for i := range from.Len() {
				copyInto(to.Index(i), from.Index(i))
			}
		}
	case reflect.Map:
		if !from.IsNil() {
			to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
			for _, key := range from.MapKeys() {
				value := reflect.New(from.Type().Elem()).Elem()
				copyInto(value, from.MapIndex(key))
				to.SetMapIndex(key, value)
			}
		}
	default:
		to.Set(from)
	}
}
