// Package table keeps links in a table of Amazon DynamoDB.
package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/link-shortener/internal/links"
)

// Table is a store of links.
type Table struct {
	client *dynamodb.Client
	name   string
}

// New opens the table of that name.
func New(cfg aws.Config, name string) *Table {
	return &Table{client: dynamodb.NewFromConfig(cfg), name: name}
}

// Put keeps a link, unless the name is taken.
func (t *Table) Put(ctx context.Context, link links.Link) error {
	item, err := attributevalue.MarshalMap(link)
	if err != nil {
		return err
	}
	_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           aws.String(t.name),
		Item:                item,
		ConditionExpression: aws.String("attribute_not_exists(#name)"),
		ExpressionAttributeNames: map[string]string{
			"#name": "name",
		},
	})
	return err
}

// Get gives the link of that name.
func (t *Table) Get(ctx context.Context, name string) (*links.Link, error) {
	answer, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(t.name), Key: key(name)})
	if err != nil {
		return nil, err
	}
	if answer.Item == nil {
		return nil, links.ErrUnknown
	}
	var link links.Link
	return &link, attributevalue.UnmarshalMap(answer.Item, &link)
}

// Count adds a visit.
func (t *Table) Count(ctx context.Context, name string) error {
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:        aws.String(t.name),
		Key:              key(name),
		UpdateExpression: aws.String("ADD visits :one"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": &types.AttributeValueMemberN{Value: "1"},
		},
	})
	return err
}

// Forget takes a link out.
func (t *Table) Forget(ctx context.Context, name string) error {
	_, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(t.name), Key: key(name)})
	return err
}

func key(name string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"name": &types.AttributeValueMemberS{Value: name}}
}
