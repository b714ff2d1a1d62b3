// Package browser looks at the pages in Chromium, as people do.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser starts Chromium. Without SELFHELP_BROWSER these tests are left out,
// as they take their time; with it they are never skipped.
func browser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	if os.Getenv("SELFHELP_BROWSER") == "" {
		t.Skip("SELFHELP_BROWSER is not set; make browser sets it")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("no chromium here, which .ci/run installs: %v", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("force-prefers-reduced-motion", true)) // pages, not the way between two
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 15*time.Minute)
	t.Cleanup(stop)
	return ctx
}

// complaints gathers what the browser's console holds against the pages that
// are opened until it is asked.
func complaints(ctx context.Context) (said func() []string) {
	listening, stop := context.WithCancel(ctx)
	messages := chromedp.Console(listening)
	return func() (bad []string) {
		time.AfterFunc(300*time.Millisecond, stop) // for what is still on its way
		for m, err := range messages {
			if err != nil {
				return bad
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				bad = append(bad, fmt.Sprintf("%s: %s", m.URL, m.Text))
			}
		}
		return bad
	}
}

// open shows a page on a screen of a width.
func open(t *testing.T, ctx context.Context, url string, width int64) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 844), chromedp.Navigate(url)); err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
}
