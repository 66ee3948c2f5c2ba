"""From anybody's recording to a voice: conversion and the retrieval index."""
