"""Routers compared, and what their actions do."""
