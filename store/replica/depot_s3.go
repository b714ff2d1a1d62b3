package replica

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// bucket is a depot in a store that speaks the protocol of Amazon S3.
type bucket struct {
	client *s3.Client
	name   string
	root   string
}

// openS3 makes the client of a target as the replicator makes its own.
func openS3(ctx context.Context, t Target) (depot, error) {
	c := t.S3
	region := c.Region
	if region == "" {
		region = "us-east-1" // where an endpoint is named, it means nothing
	}
	options := []func(*config.LoadOptions) error{config.WithRegion(region)}
	if c.AccessKeyID != "" {
		options = append(options, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, "")))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", t.Name(), err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = c.PathStyle
		if c.Endpoint != "" {
			o.BaseEndpoint = aws.String(c.Endpoint)
			// Stores beside Amazon's know no checksums at the end of a body.
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
			o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		}
	})
	return bucket{client, c.Bucket, t.Path}, nil
}

func (b bucket) key(name string) *string {
	return aws.String(strings.TrimPrefix(path.Join(b.root, name), "/"))
}

func (b bucket) put(ctx context.Context, name string, r io.ReadSeeker) error {
	n, err := sizeOf(r)
	if err == nil {
		_, err = b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: b.key(name), Body: r, ContentLength: &n})
	}
	return err
}

func (b bucket) claim(ctx context.Context, name string, content []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: b.key(name), Body: bytes.NewReader(content), IfNoneMatch: aws.String("*")})
	if refused, is := errors.AsType[smithy.APIError](err); is && (refused.ErrorCode() == "PreconditionFailed" || refused.ErrorCode() == "ConditionalRequestConflict") {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	return err
}

func (b bucket) get(ctx context.Context, name string) (io.ReadCloser, error) {
	o, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: b.key(name)})
	if _, missing := errors.AsType[*types.NoSuchKey](err); missing {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	return o.Body, nil
}

func (b bucket) list(ctx context.Context, dir string) (names []string, err error) {
	prefix := *b.key(dir) + "/"
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix, Delimiter: aws.String("/")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, o := range page.Contents {
			names = append(names, strings.TrimPrefix(*o.Key, prefix))
		}
		for _, p := range page.CommonPrefixes {
			names = append(names, strings.Trim(strings.TrimPrefix(*p.Prefix, prefix), "/"))
		}
	}
	return names, nil
}

func (b bucket) remove(ctx context.Context, name string) error {
	_, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: b.key(name)})
	return err
}

// parts finds none: nothing is seen of what was not written whole.
func (bucket) parts(context.Context, string, time.Time) (int, error) { return 0, nil }

func (bucket) close() error { return nil }
