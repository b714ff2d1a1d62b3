package formula

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// exact is the largest whole number that a float64 tells from its neighbours.
const exact = 1 << 53

// Normalize turns a Go, JSON or YAML value into the six kinds formulas know:
// nil, bool, float64, string, []any, map[string]any. It copies lists and
// objects. Times become ISO texts, whole numbers too large to be exact become
// texts of their digits. NaN, infinities, structs and deeper things than 64
// levels are refused.
func Normalize(v any) (any, error) { return normalize(v, 0) }

func normalize(v any, depth int) (any, error) {
	if depth > maxNesting {
		return nil, fail("formula.large_value")
	}
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case string:
		return strings.ToValidUTF8(v, "\uFFFD"), nil
	case float64:
		return finite(v)
	case json.Number:
		return fromJSON(v)
	case time.Time:
		return v.Format(time.RFC3339), nil
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			n, err := normalize(item, depth+1)
			if err != nil {
				return nil, err
			}
			out[i] = n
		}
		return out, nil
	}
	return fromGo(reflect.ValueOf(v), depth)
}

// finite refuses what is no number and makes minus zero zero.
func finite(f float64) (any, error) {
	if math.IsNaN(f) {
		return nil, fail("formula.undefined")
	}
	if math.IsInf(f, 0) {
		return nil, fail("formula.overflow")
	}
	return f + 0, nil
}

func fromJSON(n json.Number) (any, error) {
	f, err := n.Float64()
	if err != nil {
		return nil, fail("formula.large_number", n.String())
	}
	if math.Abs(f) > exact && !strings.ContainsAny(n.String(), ".eE") {
		return n.String(), nil
	}
	return finite(f)
}

// fromGo turns the basic kinds, slices and string-keyed maps of Go, whatever
// their type's name, into ours. Anything else could hide behaviour.
func fromGo(v reflect.Value, depth int) (any, error) {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.String:
		return strings.ToValidUTF8(v.String(), "\uFFFD"), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if i := v.Int(); i > exact || i < -exact {
			return strconv.FormatInt(i, 10), nil
		}
		return float64(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > exact {
			return strconv.FormatUint(v.Uint(), 10), nil
		}
		return float64(v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return finite(v.Float())
	case reflect.Slice:
		return fromSlice(v, depth)
	case reflect.Map:
		return fromMap(v, depth)
	}
	return nil, fail("formula.foreign", v.Type().String())
}

func fromSlice(v reflect.Value, depth int) (any, error) {
	out := make([]any, v.Len())
	for i := range out {
		item, err := normalize(v.Index(i).Interface(), depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = item
	}
	return out, nil
}

func fromMap(v reflect.Value, depth int) (any, error) {
	out := make(map[string]any, v.Len())
	for it := v.MapRange(); it.Next(); {
		key := it.Key()
		if key.Kind() == reflect.Interface {
			key = key.Elem()
		}
		if key.Kind() != reflect.String {
			return nil, fail("formula.foreign", fmt.Sprintf("%s with keys that are no texts", v.Type()))
		}
		item, err := normalize(it.Value().Interface(), depth+1)
		if err != nil {
			return nil, err
		}
		out[strings.ToValidUTF8(key.String(), "\uFFFD")] = item
	}
	return out, nil
}

// known lets one of our six kinds through and normalizes anything else that a
// caller put among the variables.
func known(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, []any, map[string]any:
		return v, nil
	case float64:
		if v-v != 0 || v == 0 { // NaN, infinite, or a zero that may have a sign
			return finite(v)
		}
		return v, nil
	}
	return Normalize(v)
}
